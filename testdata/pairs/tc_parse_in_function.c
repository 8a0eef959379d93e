// SPDX-License-Identifier: GPL-2.0-only
// A function checks one pointer and hands out another.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct arp {
	__be16 htype, ptype;
	__u8 hlen, plen;
	__be16 op;
};

#define fits(p, end) ((void *)((p) + 1) <= (end))

SEC("tc")
int bad(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data;
	void *data_end = (void *)(long)skb->data_end;
	struct ethhdr *eth = data;
	struct arp *arp = (void *)(eth + 1);

	if (!fits(eth, data_end)) // change
		return 0;
	return arp->op == bpf_htons(2) ? 2 : 0; // rejected memory/packet-out-of-bounds
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data;
	void *data_end = (void *)(long)skb->data_end;
	struct ethhdr *eth = data;
	struct arp *arp = (void *)(eth + 1);

	if (!fits(arp, data_end))
		return 0;
	return arp->op == bpf_htons(2) ? 2 : 0;
}

char LICENSE[] SEC("license") = "GPL";
