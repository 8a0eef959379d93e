// SPDX-License-Identifier: GPL-2.0-only
// Loads as many bytes as a header says.
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
	char text[128];
	__u16 length = 0;

	if (bpf_skb_load_bytes(skb, 38, &length, 2))
		return 0;
	length = bpf_ntohs(length);
	if (length < 8) // change
		return 0;
	if (bpf_skb_load_bytes(skb, 42, text, length - 8)) // rejected call-type/zero-size
		return 0;
	return text[0] == '#' ? 2 : 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	char text[128];
	__u16 length = 0;

	if (bpf_skb_load_bytes(skb, 38, &length, 2))
		return 0;
	length = bpf_ntohs(length);
	if (length <= 8 || length > 136)
		return 0;
	if (bpf_skb_load_bytes(skb, 42, text, length - 8))
		return 0;
	return text[0] == '#' ? 2 : 0;
}

char LICENSE[] SEC("license") = "GPL";
