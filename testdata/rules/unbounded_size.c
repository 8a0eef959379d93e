// SPDX-License-Identifier: GPL-2.0-only
// Reads the first bytes of packets, as many as there are.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u8 head[64] = {};
	__u32 len = skb->len;

	if (len == 0)
		return 0;
	bpf_skb_load_bytes(skb, 0, head, len); // want call-type/unbounded-size "R4 unbounded memory access, use 'var &= const' or 'if (var < const)'"
	return head[0];
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u8 head[64] = {};
	__u32 len = skb->len;

	if (len == 0)
		return 0;
	if (len > sizeof(head))
		len = sizeof(head);
	bpf_skb_load_bytes(skb, 0, head, len);
	return head[0];
}

char LICENSE[] SEC("license") = "GPL";
