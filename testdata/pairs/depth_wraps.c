// SPDX-License-Identifier: GPL-2.0-only
// A count that is one less than a byte.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

__u64 labels[8];

SEC("xdp")
int bad(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	__u8 *depth = data;

	if ((void *)(depth + 1) > data_end)
		return XDP_PASS;
	__u8 level = *depth;

	if (level > 8) // change
		return XDP_PASS;
	labels[(__u8)(level - 1)]++; // rejected memory/out-of-bounds
	return XDP_PASS;
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	__u8 *depth = data;

	if ((void *)(depth + 1) > data_end)
		return XDP_PASS;
	__u8 level = *depth;

	if (level == 0 || level > 8)
		return XDP_PASS;
	labels[(__u8)(level - 1)]++;
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
