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

#ifndef FIXED
SEC("freplace/allow") // want program-structure/attach-target "parameter 2 is `long`, and that of what it replaces `int`"
int allow_all(struct xdp_md *ctx, long port)
{
	return 1;
}

SEC("freplace/allow") // want program-structure/attach-target "it has 1 parameters, and what it replaces 2"
int allow_none(struct xdp_md *ctx)
{
	return 0;
}

SEC("freplace/count") // want program-structure/attach-target "parameter 1 is `struct limits *`, and that of what it replaces `struct xdp_md *`"
int count_none(struct limits *limits)
{
	return limits ? limits->low : 0;
}

SEC("freplace/hash") // want program-structure/attach-target "`hash` is static, and only global functions can be replaced"
int hash_none(int port)
{
	return 0;
}
#endif

char LICENSE[] SEC("license") = "GPL";
