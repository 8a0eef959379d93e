// SPDX-License-Identifier: GPL-2.0-only
// A packet pointer is passed to a global function that takes memory.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct header {
	__u32 kind, length;
};

__noinline int weigh(struct header *h)
{
	if (!h)
		return 0;
	return h->kind * 3 > 100;
}

SEC("xdp")
int bad(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	struct header *h = data;

	if ((void *)(h + 1) > data_end)
		return XDP_PASS;
	return weigh(data_end) ? XDP_DROP : XDP_PASS; // rejected call-type/global-function-argument; change
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	struct header *h = data;

	if ((void *)(h + 1) > data_end)
		return XDP_PASS;
	struct header copy = *h;

	return weigh(&copy) ? XDP_DROP : XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
