// SPDX-License-Identifier: GPL-2.0-only
// Clears the type of service of IPv4 packets. A cgroup's programs may look at
// packets, but not change them; the program for a device may.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <bpf/bpf_helpers.h>

SEC("cgroup_skb/egress")
int bad(struct __sk_buff *skb)
{
	struct iphdr *ip = (void *)(long)skb->data;

	if ((void *)(ip + 1) > (void *)(long)skb->data_end)
		return 1;
	ip->tos = 0; // want memory/packet-write "cannot write into packet"
	return 1;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	struct iphdr *ip = (void *)(long)skb->data + ETH_HLEN;

	if ((void *)(ip + 1) > (void *)(long)skb->data_end)
		return 0;
	ip->tos = 0;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
