// SPDX-License-Identifier: GPL-2.0-only
// Keeps a packet pointer in 32 bits.
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
	__u32 cut = (__u32)(long)data + 14; // rejected register-type/pointer-arith-32bit
	__u8 *at = (__u8 *)(long)cut; // change, not shown

	if ((void *)(at + 1) > data_end)
		return XDP_PASS;
	return *at ? XDP_DROP : XDP_PASS;
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	__u8 *at = data + 14;

	if ((void *)(at + 1) > data_end)
		return XDP_PASS;
	return *at ? XDP_DROP : XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
