// SPDX-License-Identifier: GPL-2.0-only
// An unchecked index of a local table.
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
	volatile __u8 weight[8] = {1, 2, 4, 8, 16, 32, 64, 128};
	__u8 *tos = data + ETH_HLEN + 1;

	if ((void *)(tos + 1) > data_end)
		return XDP_PASS;
	return weight[*tos >> 2] > 16 ? XDP_DROP : XDP_PASS; // rejected memory/stack-out-of-bounds; change
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	volatile __u8 weight[8] = {1, 2, 4, 8, 16, 32, 64, 128};
	__u8 *tos = data + ETH_HLEN + 1;

	if ((void *)(tos + 1) > data_end)
		return XDP_PASS;
	if (*tos >= 8)
		return XDP_PASS;
	return weight[*tos] > 16 ? XDP_DROP : XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
