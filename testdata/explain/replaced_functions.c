// SPDX-License-Identifier: GPL-2.0-only
// Programs that replace functions of another program in the same object.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct limits {
	int low, high;
};

__noinline int allow(struct xdp_md *ctx, int port)
{
	return port == 80 || ctx->ingress_ifindex == 1;
}

__noinline int count(struct xdp_md *ctx)
{
	return ctx->data_end - ctx->data;
}

static __noinline int hash(int port)
{
	return port * 31;
}

SEC("xdp")
int filter(struct xdp_md *ctx)
{
	return allow(ctx, hash(count(ctx))) ? XDP_PASS : XDP_DROP;
}

SEC("freplace/allow")
int allow_all(struct xdp_md *ctx, long port) // want program-structure/attach-target "its second parameter is `long`, and that of what it replaces `int`"
{
	return 1;
}

SEC("freplace/allow")
int allow_none(struct xdp_md *ctx) // want program-structure/attach-target "it has 1 parameter, and what it replaces 2"
{
	return 0;
}

SEC("freplace/count")
int count_none(struct limits *limits) // want program-structure/attach-target "its first parameter is `struct limits *`, and that of what it replaces `struct xdp_md *`"
{
	return limits ? limits->low : 0;
}

SEC("freplace/hash")
int hash_none(int port) // want program-structure/attach-target "`hash` is static, and only global functions can be replaced"
{
	return 0;
}
SEC("freplace/count")
int count_grown(struct xdp_md *ctx) // want program-structure/attach-target "the program may change the packet, and `count` does not"
{
	return bpf_xdp_adjust_head(ctx, -8);
}

SEC("freplace/allow")
int allow_first(struct xdp_md *ctx, int port)
{
	return *(char *)(long)ctx->data; // want memory/packet-out-of-bounds "first byte of the packet"
}

SEC("freplace/allow")
int allow_queue(struct xdp_md *ctx, int port)
{
	return ctx->rx_queue_index == port;
}

SEC("freplace/filter")
int filter_none(struct xdp_md *ctx)
{
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
