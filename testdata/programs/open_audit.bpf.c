// SPDX-License-Identifier: GPL-2.0-only
// Rejected: who opens which file, with filters, rates and truncated names. One
// of its several ways out forgets the record that was reserved.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define AT_FDCWD (-100)
#define O_WRONLY 01
#define O_RDWR 02
#define O_CREAT 0100

#define NAME_MAX 64
#define NSEC_PER_SEC 1000000000ULL

enum reason {
	REASON_READ,
	REASON_WRITE,
	REASON_CREATE,
	REASON_COUNT,
};

struct record {
	__u64 when;
	__u64 cgroup;
	__u32 pid, uid;
	__s32 dirfd;
	__u32 reason;
	__u32 length;
	char comm[16];
	char name[NAME_MAX];
};

struct rate {
	__u64 second;
	__u32 seen, dropped;
};

struct counters {
	__u64 reason[REASON_COUNT];
	__u64 filtered, limited, full, unreadable;
};

// What the kernel hands to a program on entry of openat(2).
struct openat_args {
	__u64 common;
	__s64 number;
	__s64 dirfd;
	const char *name;
	__s64 flags;
	__s64 mode;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} records SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, struct rate);
} rates SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct counters);
} totals SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 256);
	__type(key, __u64);
	__type(value, __u8);
} muted_cgroups SEC(".maps");

const volatile __u32 only_uid = ~0U;
const volatile __u32 per_second = 100;
const volatile _Bool writes_only = 0;

static __always_inline struct counters *counters(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&totals, &zero);
}

static __always_inline enum reason reason_of(__s64 flags)
{
	if (flags & O_CREAT)
		return REASON_CREATE;
	if (flags & (O_WRONLY | O_RDWR))
		return REASON_WRITE;
	return REASON_READ;
}

// wanted tells whether the settings ask for records of this task.
static __always_inline _Bool wanted(enum reason reason, __u64 cgroup)
{
	__u32 uid = bpf_get_current_uid_gid();

	if (only_uid != ~0U && uid != only_uid)
		return 0;
	if (writes_only && reason == REASON_READ)
		return 0;
	return !bpf_map_lookup_elem(&muted_cgroups, &cgroup);
}

// limited counts the records of a task in this second, and tells when it has
// had enough of them.
static __always_inline _Bool limited(__u32 pid, __u64 now)
{
	struct rate *r, fresh = { .second = now / NSEC_PER_SEC, .seen = 1 };

	r = bpf_map_lookup_elem(&rates, &pid);
	if (!r || r->second != fresh.second) {
		bpf_map_update_elem(&rates, &pid, &fresh, BPF_ANY);
		return 0;
	}
	if (r->seen < per_second) {
		r->seen++;
		return 0;
	}
	r->dropped++;
	return 1;
}

SEC("tracepoint/syscalls/sys_enter_openat")
int audit_open(struct openat_args *ctx)
{
	__u32 pid = bpf_get_current_pid_tgid() >> 32;
	__u64 cgroup = bpf_get_current_cgroup_id();
	enum reason reason = reason_of(ctx->flags);
	__u64 now = bpf_ktime_get_ns();
	struct counters *total = counters();
	struct record *rec;
	long length;

	if (!total)
		return 0;
	if (!wanted(reason, cgroup)) {
		total->filtered++;
		return 0;
	}

	rec = bpf_ringbuf_reserve(&records, sizeof(*rec), 0);
	if (!rec) {
		total->full++;
		return 0;
	}
	rec->when = now;
	rec->cgroup = cgroup;
	rec->pid = pid;
	rec->uid = bpf_get_current_uid_gid();
	rec->reason = reason;
	rec->dirfd = ctx->dirfd;

	if (limited(pid, now)) {
		total->limited++;
		return 0; // want resource-lifetime/unreleased-reference "Unreleased reference id="
	}

	length = bpf_probe_read_user_str(rec->name, sizeof(rec->name), ctx->name);
	if (length < 0) {
		total->unreadable++;
		bpf_ringbuf_discard(rec, 0);
		return 0;
	}
	rec->length = length;
	bpf_get_current_comm(rec->comm, sizeof(rec->comm));
	if (reason < REASON_COUNT)
		total->reason[reason]++;
	bpf_ringbuf_submit(rec, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
