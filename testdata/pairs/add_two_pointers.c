// SPDX-License-Identifier: GPL-2.0-only
// Adds a pointer to a pointer.
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
	__u8 *at = (__u8 *)((__u64)data + (__u64)data_end) - 1; // rejected register-type/pointer-pointer-arith; change

	if ((void *)(at + 1) > data_end)
		return XDP_PASS;
	return *at ? XDP_DROP : XDP_PASS;
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	__u8 *at = data + 1;

	if ((void *)(at + 1) > data_end)
		return XDP_PASS;
	return *at ? XDP_DROP : XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
