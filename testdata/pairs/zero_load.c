// SPDX-License-Identifier: GPL-2.0-only
// A length that a mask leaves at 0 to 63.
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
	char head[64];
	__u32 len = skb->len & 63; // change

	if (bpf_skb_load_bytes(skb, 0, head, len)) // rejected call-type/zero-size
		return 0;
	return head[0] == 0 ? 2 : 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	char head[64];
	__u32 len = skb->len & 63;

	if (len == 0)
		return 0;
	if (bpf_skb_load_bytes(skb, 0, head, len))
		return 0;
	return head[0] == 0 ? 2 : 0;
}

char LICENSE[] SEC("license") = "GPL";
