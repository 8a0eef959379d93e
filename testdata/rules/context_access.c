// SPDX-License-Identifier: GPL-2.0-only
// Shortens packets. The length of a packet is not for programs to set.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("tc")
int bad(struct __sk_buff *skb)
{
	if (skb->len > 100)
		skb->len = 100; // want memory/context-access "invalid bpf_context access off=0 size=4"
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	if (skb->len > 100)
		bpf_skb_change_tail(skb, 100, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
