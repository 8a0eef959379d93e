// SPDX-License-Identifier: GPL-2.0-only
// A traced function may itself hold a lock, so that tracing programs cannot
// use maps with locks.
#include <linux/ptrace.h>
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct total {
	struct bpf_spin_lock lock;
	__u64 calls;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct total);
} totals SEC(".maps");

__u64 calls;

SEC("kprobe/vfs_fsync")
int bad(struct pt_regs *ctx)
{
	__u32 key = 0;
	struct total *t = bpf_map_lookup_elem(&totals, &key); // want policy/map-not-allowed "tracing progs cannot use bpf_spin_lock yet"

	if (!t)
		return 0;
	bpf_spin_lock(&t->lock);
	t->calls++;
	bpf_spin_unlock(&t->lock);
	return 0;
}

SEC("kprobe/vfs_fsync")
int fixed(struct pt_regs *ctx)
{
	__sync_fetch_and_add(&calls, 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
