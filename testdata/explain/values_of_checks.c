// SPDX-License-Identifier: GPL-2.0-only
// A suggested check leaves with the value that the checks of the program leave with.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <bpf/bpf_helpers.h>

__u64 seen;

SEC("xdp")
int others_drop(struct xdp_md *ctx)
{
	void *start = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct iphdr *ip = start + sizeof(struct ethhdr);
	struct udphdr *udp = (void *)(ip + 1);

	if ((void *)(ip + 1) > end)
		return XDP_DROP;
	if (ip->protocol != 17)
		return XDP_DROP;
	seen += udp->dest; // want memory/packet-out-of-bounds "`udp->dest`" help "return XDP_DROP;" never "XDP_PASS"
	return XDP_PASS;
}

SEC("xdp")
int check_before_passes(struct xdp_md *ctx)
{
	void *start = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct iphdr *ip = start + sizeof(struct ethhdr);
	struct udphdr *udp = (void *)(ip + 1);

	if ((void *)(ip + 1) > end)
		return XDP_PASS;
	if (ip->ttl < 2)
		return XDP_DROP;
	seen += udp->dest; // want memory/packet-out-of-bounds "`udp->dest`" help "return XDP_PASS;" never "XDP_DROP"
	return XDP_TX;
}

SEC("xdp")
int no_check_before(struct xdp_md *ctx)
{
	void *start = (void *)(long)ctx->data;
	struct ethhdr *eth = start;

	if (ctx->rx_queue_index > 4)
		return XDP_DROP;
	seen += eth->h_proto; // want memory/packet-out-of-bounds "`eth->h_proto`" help "return XDP_PASS;" never "XDP_DROP"
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
