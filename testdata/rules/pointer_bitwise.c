// SPDX-License-Identifier: GPL-2.0-only
// Reads the word in which a byte of a value lies, by rounding its address down.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, __u8[64]);
} states SEC(".maps");

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u32 mark = skb->mark, at = skb->len & 63;
	__u8 *state = bpf_map_lookup_elem(&states, &mark);

	if (!state) // note "condition false: `!state`"
		return 0;
	return *(__u32 *)((unsigned long)(state + at) & ~3UL); // want register-type/pointer-bitwise "bitwise operator &= on pointer prohibited"
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u32 mark = skb->mark, at = skb->len & 63;
	__u8 *state = bpf_map_lookup_elem(&states, &mark);

	if (!state)
		return 0;
	return *(__u32 *)(state + (at & ~3UL));
}

char LICENSE[] SEC("license") = "GPL";
