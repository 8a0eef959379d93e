// SPDX-License-Identifier: GPL-2.0-only
// Stores the last mark. The map's values are twice as large as what is stored.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, __u64);
} marks SEC(".maps");

__u32 last;

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u32 zero = 0;

	last = skb->mark;
	bpf_map_update_elem(&marks, &zero, &last, BPF_ANY); // want call-type/memory-range "invalid access to map value"
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u32 zero = 0;
	__u64 mark = skb->mark;

	bpf_map_update_elem(&marks, &zero, &mark, BPF_ANY);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
