// SPDX-License-Identifier: GPL-2.0-only
// The comparison with the end is the wrong way round.
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
	void *data = (void *)(long)skb->data;
	void *data_end = (void *)(long)skb->data_end;
	struct iphdr *ip = data + ETH_HLEN;

	if (data + ETH_HLEN + sizeof(*ip) < data_end) // change
		return 0;
	if (ip->ttl == 1) // rejected memory/packet-out-of-bounds
		return 2;
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data;
	void *data_end = (void *)(long)skb->data_end;
	struct iphdr *ip = data + ETH_HLEN;

	if (data + ETH_HLEN + sizeof(*ip) > data_end)
		return 0;
	if (ip->ttl == 1)
		return 2;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
