// SPDX-License-Identifier: GPL-2.0-only
// Uses a slice of a packet after a write to it.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

extern int bpf_dynptr_from_skb(struct __sk_buff *skb, __u64 flags, struct bpf_dynptr *ptr) __ksym;
extern void *bpf_dynptr_slice(const struct bpf_dynptr *ptr, __u32 offset, void *buffer, __u32 buffer__szk) __ksym;

SEC("tc")
int bad(struct __sk_buff *skb)
{
	struct bpf_dynptr packet;
	struct ethhdr buffer, *eth;
	__u8 ttl = 1;

	if (bpf_dynptr_from_skb(skb, 0, &packet))
		return 0;
	eth = bpf_dynptr_slice(&packet, 0, &buffer, sizeof(buffer));
	if (!eth)
		return 0;
	bpf_dynptr_write(&packet, 22, &ttl, 1, 0);
	return eth->h_proto == bpf_htons(ETH_P_ARP) ? 2 : 0; // rejected register-type/scalar-dereference; change
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	struct bpf_dynptr packet;
	struct ethhdr buffer, *eth;
	__u8 ttl = 1;

	if (bpf_dynptr_from_skb(skb, 0, &packet))
		return 0;
	eth = bpf_dynptr_slice(&packet, 0, &buffer, sizeof(buffer));
	if (!eth)
		return 0;
	__u16 proto = eth->h_proto;

	bpf_dynptr_write(&packet, 22, &ttl, 1, 0);
	return proto == bpf_htons(ETH_P_ARP) ? 2 : 0;
}

char LICENSE[] SEC("license") = "GPL";
