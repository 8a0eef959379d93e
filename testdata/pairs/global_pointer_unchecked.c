// SPDX-License-Identifier: GPL-2.0-only
// A global function is verified for any argument: its pointer may be NULL.
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

__noinline int weigh_bad(struct header *h)
{
	return h->kind * 3 > 100; // rejected register-type/nullable-dereference; change
}

__noinline int weigh(struct header *h)
{
	if (!h)
		return 0;
	return h->kind * 3 > 100;
}

SEC("xdp")
int bad(struct xdp_md *ctx)
{
	struct header h = {.kind = ctx->ingress_ifindex};

	return weigh_bad(&h) ? XDP_DROP : XDP_PASS;
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	struct header h = {.kind = ctx->ingress_ifindex};

	return weigh(&h) ? XDP_DROP : XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
