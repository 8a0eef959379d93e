// SPDX-License-Identifier: GPL-2.0-only
// Accepted: marks DNS queries and rewrites their time to live.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/pkt_cls.h>
#include <linux/udp.h>
#include <stddef.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define IP_OFF sizeof(struct ethhdr)

SEC("tc")
int mark_dns(struct __sk_buff *skb)
{
	__u8 ttl = 64;
	struct iphdr ip;
	struct udphdr udp;

	if (skb->protocol != bpf_htons(ETH_P_IP))
		return TC_ACT_OK;
	if (bpf_skb_load_bytes(skb, IP_OFF, &ip, sizeof(ip)) < 0)
		return TC_ACT_OK;
	if (ip.protocol != IPPROTO_UDP)
		return TC_ACT_OK;
	if (bpf_skb_load_bytes(skb, IP_OFF + ip.ihl * 4, &udp, sizeof(udp)) < 0)
		return TC_ACT_SHOT;
	if (udp.dest != bpf_htons(53))
		return TC_ACT_OK;
	skb->mark = 0x35;
	if (ip.ttl != ttl) {
		bpf_l3_csum_replace(skb, IP_OFF + offsetof(struct iphdr, check), ip.ttl, ttl, 2);
		bpf_skb_store_bytes(skb, IP_OFF + offsetof(struct iphdr, ttl), &ttl, sizeof(ttl), 0);
	}
	return TC_ACT_OK;
}

char LICENSE[] SEC("license") = "GPL";
