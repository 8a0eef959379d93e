// SPDX-License-Identifier: GPL-2.0-only
// Takes a length out of a map, or else the packet's own. The kernel rewrites reads
// of the context, and one instruction cannot be rewritten for one case only.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, __u32);
} lengths SEC(".maps");

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u32 mark = skb->mark;
	__u32 *length = bpf_map_lookup_elem(&lengths, &mark);

	if (!length)
		length = &skb->len;
	return *length; // want register-type/mixed-pointer-types "same insn cannot be used with different pointers"
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u32 mark = skb->mark, result = skb->len;
	__u32 *length = bpf_map_lookup_elem(&lengths, &mark);

	if (length)
		result = *length;
	return result;
}

char LICENSE[] SEC("license") = "GPL";
