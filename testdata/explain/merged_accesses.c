// SPDX-License-Identifier: GPL-2.0-only
// Accesses that the compiler notes at another one, and checks at another check.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u64);
} hosts SEC(".maps");

SEC("tc")
int either_source(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	struct ethhdr *eth = data;
	struct ipv6hdr *six;
	struct iphdr *four;
	__u32 key;

	if ((void *)(eth + 1) > end)
		return 0;
	four = (void *)(eth + 1);
	six = (void *)(eth + 1);
	if ((void *)(four + 1) > end)
		return 0;
	if (eth->h_proto == bpf_htons(ETH_P_IP)) {
		key = four->daddr;
	} else if (eth->h_proto == bpf_htons(ETH_P_IPV6)) {
		key = six->saddr.in6_u.u6_addr32[3]; // want memory/packet-out-of-bounds "needs the first 38 bytes of the packet, but the check at line 31 proves the first 34 bytes" help "`if ((void *)(six + 1) > end)" never "condition false: `eth->h_proto == bpf_htons(ETH_P_IPV6)`" never "condition true: `eth->h_proto == bpf_htons(ETH_P_IP)`"
	} else {
		return 0;
	}
	return bpf_map_lookup_elem(&hosts, &key) ? 2 : 0;
}

SEC("xdp")
int next_header(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *frame = data;
	struct iphdr *ip = (void *)(frame + 1);
	struct udphdr *udp = (void *)(ip + 1);
	__u32 key;

	if ((void *)(frame + 1) > data_end)
		return XDP_PASS;
	if ((void *)(ip + 1) > data_end)
		return XDP_PASS;
	if (ip->protocol == 17)
		key = udp->dest; // want memory/packet-out-of-bounds "needs the first 38 bytes" help "data_end"
	else
		key = ip->saddr;
	return bpf_map_lookup_elem(&hosts, &key) ? XDP_DROP : XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
