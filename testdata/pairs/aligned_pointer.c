// SPDX-License-Identifier: GPL-2.0-only
// Rounds a packet pointer down.
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
	__u64 *word = (void *)((__u64)(data + 13) & ~7ull); // rejected register-type/pointer-offset-unsafe; change

	if ((void *)(word + 1) > data_end)
		return XDP_PASS;
	return *word ? XDP_DROP : XDP_PASS;
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	__u64 *word = data + (13 & ~7);

	if ((void *)(word + 1) > data_end)
		return XDP_PASS;
	return *word ? XDP_DROP : XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
