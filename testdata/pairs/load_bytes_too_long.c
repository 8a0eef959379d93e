// SPDX-License-Identifier: GPL-2.0-only
// Loads more than the local buffer has.
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
	char text[32];
	__u32 len = skb->len;

	if (len < 14 || len > 64) // change
		return 0;
	if (bpf_skb_load_bytes(skb, 0, text, len)) // rejected call-type/memory-length-range
		return 0;
	return text[0] == 'x' ? 2 : 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	char text[32];
	__u32 len = skb->len;

	if (len < 14 || len > 32)
		return 0;
	if (bpf_skb_load_bytes(skb, 0, text, len))
		return 0;
	return text[0] == 'x' ? 2 : 0;
}

char LICENSE[] SEC("license") = "GPL";
