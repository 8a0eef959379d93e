// SPDX-License-Identifier: GPL-2.0-only
// Reads the first bytes of packets, of which there may be none.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u8 head[16] = {};
	__u32 len = skb->len;

	if (len > sizeof(head))
		return 0;
	bpf_skb_load_bytes(skb, 0, head, len); // want call-type/zero-size "R4 invalid zero-sized read: u64=[0,16]"
	return head[0];
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u8 head[16] = {};
	__u32 len = skb->len;

	if (len == 0 || len > sizeof(head))
		return 0;
	bpf_skb_load_bytes(skb, 0, head, len);
	return head[0];
}

char LICENSE[] SEC("license") = "GPL";
