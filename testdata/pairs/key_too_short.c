// SPDX-License-Identifier: GPL-2.0-only
// A 32-bit key for a map with 64-bit keys.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8);
	__type(key, __u64);
	__type(value, __u64);
} by_id SEC(".maps");

__u32 id;

SEC("kprobe/do_exit")
int bad(struct pt_regs *ctx)
{
	__u64 *n = bpf_map_lookup_elem(&by_id, &id); // rejected call-type/memory-range; change

	if (n)
		*n += 1;
	return 0;
}

SEC("kprobe/do_exit")
int fixed(struct pt_regs *ctx)
{
	__u64 key = id;
	__u64 *n = bpf_map_lookup_elem(&by_id, &key);

	if (n)
		*n += 1;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
