// SPDX-License-Identifier: GPL-2.0-only
// Accepted: time between a function's entry and return, as a histogram.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>

#define SLOTS 26

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u64);
	__type(value, __u64);
} starts SEC(".maps");

static __u64 slots[SLOTS];

static __always_inline __u32 log2_slot(__u64 us)
{
	__u32 slot = 0;

	for (int i = 0; i < SLOTS; i++) {
		if (us <= 1)
			break;
		us >>= 1;
		slot++;
	}
	return slot;
}

SEC("kprobe/vfs_read")
int read_enter(struct pt_regs *ctx)
{
	__u64 task = bpf_get_current_pid_tgid();
	__u64 now = bpf_ktime_get_ns();

	bpf_map_update_elem(&starts, &task, &now, BPF_ANY);
	return 0;
}

SEC("kretprobe/vfs_read")
int read_exit(struct pt_regs *ctx)
{
	__u64 task = bpf_get_current_pid_tgid();
	__u64 *start = bpf_map_lookup_elem(&starts, &task);
	__u32 slot;

	if (!start)
		return 0;
	slot = log2_slot((bpf_ktime_get_ns() - *start) / 1000);
	bpf_map_delete_elem(&starts, &task);
	if (slot >= SLOTS)
		slot = SLOTS - 1;
	__sync_fetch_and_add(&slots[slot], 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
