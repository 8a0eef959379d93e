// SPDX-License-Identifier: GPL-2.0-only
// Packets that are read without a check of their end, or with one that does not do.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int first_header(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = (void *)(long)ctx->data;

	if (eth->h_proto != bpf_htons(ETH_P_IP)) // fix packet-check
		return XDP_DROP;
	return XDP_PASS;
}

SEC("xdp")
int second_header(struct xdp_md *ctx)
{
	void *end = (void *)(long)ctx->data_end;
	void *data = (void *)(long)ctx->data;
	struct ethhdr *eth = data;
	struct iphdr *ip;

	if (data + sizeof(*eth) > end)
		return XDP_PASS;
	ip = (void *)(eth + 1);
	if (eth->h_proto == bpf_htons(ETH_P_IP) && ip->ttl < 2) // fix packet-check
		return XDP_DROP;
	return XDP_PASS;
}

SEC("tc")
int too_short(struct __sk_buff *skb)
{
	void *data_end = (void *)(long)skb->data_end;
	__u8 *data = (void *)(long)skb->data;

	if ((void *)data + 20 > data_end)
		return 0;
	return data[23] == IPPROTO_UDP; // fix packet-check
}

SEC("tc")
int wrong_way_round(struct __sk_buff *skb)
{
	void *data_end = (void *)(long)skb->data_end;
	void *data = (void *)(long)skb->data;
	struct iphdr *ip = data + ETH_HLEN;

	if (data + ETH_HLEN + sizeof(*ip) < data_end)
		return 0;
	return ip->ttl; // fix packet-check
}

SEC("tc")
int without_a_variable(struct __sk_buff *skb)
{
	struct ethhdr *eth = (void *)(long)skb->data;

	return eth->h_proto == bpf_htons(ETH_P_ARP); // fix packet-check
}

SEC("xdp")
int behind_options(struct xdp_md *ctx)
{
  void *data_end = (void *)(long)ctx->data_end;
  void *data = (void *)(long)ctx->data;
  struct iphdr *ip = data + ETH_HLEN;
  struct udphdr *udp;

  if ((void *)(ip + 1) > data_end)
    return XDP_PASS;
  udp = (void *)ip + ip->ihl * 4;
  if (ip->protocol == IPPROTO_UDP)
    return udp->dest == bpf_htons(53) ? XDP_DROP : XDP_PASS; // fix packet-check
  return XDP_PASS;
}

static __always_inline int is_arp(struct ethhdr *eth)
{
	return eth->h_proto == bpf_htons(ETH_P_ARP); // fix packet-check
}

SEC("xdp")
int by_a_function(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	void *data = (void *)(long)ctx->data;

	if (data + 10 > data_end)
		return XDP_PASS;
	return is_arp(data) ? XDP_DROP : XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
