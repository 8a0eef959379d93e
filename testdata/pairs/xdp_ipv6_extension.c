// SPDX-License-Identifier: GPL-2.0-only
// Follows the length of an extension header without checking again.
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
	struct ipv6hdr *ip6 = data + ETH_HLEN;
	__u8 *next;

	if ((void *)(ip6 + 1) > data_end)
		return XDP_PASS;
	next = (__u8 *)(ip6 + 1);
	if ((void *)(next + 8) > data_end)
		return XDP_PASS;
	next += (next[1] + 1) * 8; // change
	return next[0] == IPPROTO_TCP ? XDP_DROP : XDP_PASS; // rejected memory/packet-out-of-bounds
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	struct ipv6hdr *ip6 = data + ETH_HLEN;
	__u8 *next;

	if ((void *)(ip6 + 1) > data_end)
		return XDP_PASS;
	next = (__u8 *)(ip6 + 1);
	if ((void *)(next + 8) > data_end)
		return XDP_PASS;
	next += (next[1] + 1) * 8;
	if ((void *)(next + 1) > data_end)
		return XDP_PASS;
	return next[0] == IPPROTO_TCP ? XDP_DROP : XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
