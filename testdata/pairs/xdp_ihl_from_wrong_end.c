// SPDX-License-Identifier: GPL-2.0-only
// The check of the options compares with the start of the transport header.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int bad(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	struct iphdr *ip = data + ETH_HLEN;
	struct udphdr *udp;
	__u32 len;

	if ((void *)(ip + 1) > data_end)
		return XDP_PASS;
	len = ip->ihl * 4;
	udp = (void *)ip + len;
	if ((void *)(ip + 1) + sizeof(*udp) > data_end) // change, not shown
		return XDP_PASS;
	return udp->source == bpf_htons(123) ? XDP_DROP : XDP_PASS; // rejected memory/packet-out-of-bounds
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	struct iphdr *ip = data + ETH_HLEN;
	struct udphdr *udp;
	__u32 len;

	if ((void *)(ip + 1) > data_end)
		return XDP_PASS;
	len = ip->ihl * 4;
	udp = (void *)ip + len;
	if ((void *)(udp + 1) > data_end)
		return XDP_PASS;
	return udp->source == bpf_htons(123) ? XDP_DROP : XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
