// SPDX-License-Identifier: GPL-2.0-only
// Sets the length of a packet in its context.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

SEC("tc")
int bad(struct __sk_buff *skb)
{
	if (skb->len > 100)
		skb->len = 100; // rejected memory/context-access; change
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
