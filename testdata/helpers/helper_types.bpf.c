// SPDX-License-Identifier: GPL-2.0-only
// What the types of BTF decide: walks through structs, and declaration tags.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct lwtunnel_state {
	__u16 type;
};

struct fib_nh_common {
	struct lwtunnel_state *nhc_lwtstate;
};

struct fib6_nh {
	struct fib_nh_common nh_common;
};

struct nexthop {
	__u32 id;
};

struct fib6_info {
	struct nexthop *nh;
	struct fib6_nh fib6_nh[0];
};

struct bpf_iter__ipv6_route {
	struct fib6_info *rt;
};

#pragma clang attribute pop

// A pointer out of an array without length is as good as any other.
SEC("iter/ipv6_route")
int walk_flexible_array(struct bpf_iter__ipv6_route *ctx)
{
	struct fib6_info *rt = ctx->rt;
	struct lwtunnel_state *state;

	if (!rt)
		return 0;
	state = rt->fib6_nh[0].nh_common.nhc_lwtstate;
	return state && state->type == 1;
}

SEC("iter/ipv6_route")
int walk_pointer(struct bpf_iter__ipv6_route *ctx)
{
	struct fib6_info *rt = ctx->rt;
	struct nexthop *nh;

	if (!rt)
		return 0;
	nh = rt->nh;
	return nh && nh->id == 1;
}

int caught(__u64 cookie)
{
	return 0;
}

int caught_too(__u64 cookie)
{
	return 1;
}

__noinline __attribute__((used)) static int helped(int x)
{
	return x + 1;
}

// Only one function can catch what a program throws.
SEC("tc")
__attribute__((btf_decl_tag("exception_callback:caught")))
__attribute__((btf_decl_tag("exception_callback:caught_too")))
int two_exception_callbacks(struct __sk_buff *ctx)
{
	return helped(ctx->len) & 1;
}
