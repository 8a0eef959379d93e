// SPDX-License-Identifier: GPL-2.0-only
// Adds a 32-bit offset that the packet says to a packet pointer.
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
	__u32 *first = data;
	__u8 *at;

	if ((void *)(first + 1) > data_end)
		return XDP_PASS;
	__u32 off = *first;
	at = data + off; // change, not shown
	if ((void *)(at + 1) > data_end)
		return XDP_PASS;
	return *at == 0 ? XDP_DROP : XDP_PASS; // rejected memory/packet-out-of-bounds
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	__u32 *first = data;
	__u8 *at;

	if ((void *)(first + 1) > data_end)
		return XDP_PASS;
	__u32 off = *first;
	if (off > 1500)
		return XDP_PASS;
	at = data + off;
	if ((void *)(at + 1) > data_end)
		return XDP_PASS;
	return *at == 0 ? XDP_DROP : XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
