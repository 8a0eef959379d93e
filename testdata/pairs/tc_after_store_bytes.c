// SPDX-License-Identifier: GPL-2.0-only
// Reads the header again after a helper that may move the packet.
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
	__u8 ttl = 64;

	if ((void *)(ip + 1) > data_end)
		return 0;
	bpf_skb_store_bytes(skb, ETH_HLEN + 8, &ttl, 1, 0);
	return ip->protocol == IPPROTO_ICMP ? 2 : 0; // rejected register-type/scalar-dereference; change
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data;
	void *data_end = (void *)(long)skb->data_end;
	struct iphdr *ip = data + ETH_HLEN;
	__u8 ttl = 64;

	if ((void *)(ip + 1) > data_end)
		return 0;
	__u8 protocol = ip->protocol;
	bpf_skb_store_bytes(skb, ETH_HLEN + 8, &ttl, 1, 0);
	return protocol == IPPROTO_ICMP ? 2 : 0;
}

char LICENSE[] SEC("license") = "GPL";
