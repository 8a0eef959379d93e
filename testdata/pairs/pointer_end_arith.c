// SPDX-License-Identifier: GPL-2.0-only
// Computes with the end of the packet.
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
	__u8 *last = data_end - 1; // rejected register-type/pointer-arith-forbidden; change

	if ((void *)last < data)
		return XDP_PASS;
	return *last ? XDP_DROP : XDP_PASS;
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	__u8 *last = data + 59;

	if ((void *)(last + 1) > data_end)
		return XDP_PASS;
	return *last ? XDP_DROP : XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
