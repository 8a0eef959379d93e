// SPDX-License-Identifier: GPL-2.0-only
// kernel: 6.18.15
// What programs that replace functions of others must be like, and what they may do.
#include "walk.h"

#define ANY_VALUE(x) asm volatile("" : "+r"(x))

struct limits {
	int low, high;
};

enum small { LOW, HIGH };
enum large { FIRST, SECOND, THIRD };

extern int bpf_copy_from_user_str(void *dst, __u32 size, const void *from, __u64 flags) __ksym;
extern void bpf_throw(__u64 cookie) __ksym;

__noinline int allow(struct xdp_md *ctx, int port)
{
	return port == 80 || ctx->ingress_ifindex == 1;
}

__noinline int grow(struct xdp_md *ctx)
{
	return bpf_xdp_adjust_head(ctx, -8);
}

__noinline int measure(struct limits *limits)
{
	return limits ? limits->low : 0;
}

__noinline int pick(enum small which)
{
	ANY_VALUE(which);
	return which;
}

__noinline int count(int *n)
{
	return n ? *n : 0;
}

static __noinline int fixed(int port)
{
	ANY_VALUE(port);
	return port * 31;
}

SEC("xdp")
int filter(struct xdp_md *ctx)
{
	struct limits limits = {1, 2};
	int port = fixed(ctx->rx_queue_index);

	port += measure(&limits) + pick(HIGH) + count(&limits.low);
	return allow(ctx, port + grow(ctx)) ? XDP_PASS : XDP_DROP;
}

SEC("xdp")
int without_context(void *ctx)
{
	return XDP_PASS;
}

__noinline int caught(__u64 cookie)
{
	return XDP_DROP;
}

SEC("xdp")
__attribute__((btf_decl_tag("exception_callback:caught")))
int throws(struct xdp_md *ctx)
{
	if (ctx->ingress_ifindex == 7)
		bpf_throw(0);
	return XDP_PASS;
}

SEC("cgroup/connect4")
int connects(struct bpf_sock_addr *ctx)
{
	return 1;
}

__noinline int traced(int a)
{
	ANY_VALUE(a);
	return a + 1;
}

SEC("fentry/bpf_fentry_test1")
int entered(unsigned long long *ctx)
{
	traced(ctx[0]);
	return 0;
}

SEC("freplace/allow")
int allow_port(struct xdp_md *ctx, int port)
{
	return port == 443 || ctx->rx_queue_index == 2;
}

SEC("freplace/filter")
int filter_other(struct xdp_md *ctx)
{
	return ctx->ingress_ifindex;
}

SEC("freplace/allow")
int reads_packet(struct xdp_md *ctx, int port)
{
	return *(int *)(long)ctx->data;
}

SEC("freplace/allow")
int reads_context(struct xdp_md *ctx, int port)
{
	return *(volatile int *)((void *)ctx + 24);
}

SEC("freplace/allow")
int grows(struct xdp_md *ctx, int port)
{
	return bpf_xdp_adjust_head(ctx, -16);
}

SEC("freplace/grow")
int grows_too(struct xdp_md *ctx)
{
	return bpf_xdp_adjust_head(ctx, -16);
}

SEC("freplace/allow")
int sleeps(struct xdp_md *ctx, int port)
{
	char text[8];

	return bpf_copy_from_user_str(text, sizeof(text), NULL, 0);
}

SEC("freplace/connects")
int connects_other(struct bpf_sock_addr *ctx)
{
	return ctx->user_port != 0;
}

SEC("freplace/connects")
int returns_too_much(struct bpf_sock_addr *ctx)
{
	return 255;
}

SEC("freplace/connects")
int writes_port(struct bpf_sock_addr *ctx)
{
	ctx->user_port = 80;
	return bpf_get_socket_cookie(ctx) ? 0 : 1;
}

SEC("freplace/without_context")
int replaces_without_context(void *ctx)
{
	return XDP_PASS;
}

SEC("freplace/caught")
int catches(__u64 cookie)
{
	return XDP_DROP;
}

SEC("freplace/traced")
int replaces_traced(int a)
{
	return a;
}

SEC("freplace/allow_port")
int replaces_extension(struct xdp_md *ctx, int port)
{
	return 1;
}

SEC("freplace/fixed")
int replaces_static(int port)
{
	return 0;
}

SEC("freplace/allow")
int fewer(struct xdp_md *ctx)
{
	return 0;
}

SEC("freplace/allow")
enum small other_result(struct xdp_md *ctx, int port)
{
	return LOW;
}

SEC("freplace/allow")
int wider(struct xdp_md *ctx, long port)
{
	return 1;
}

SEC("freplace/allow")
int pointer(struct xdp_md *ctx, int *port)
{
	return 1;
}

SEC("freplace/pick")
int more_values(enum large which)
{
	return which;
}

SEC("freplace/count")
int counts(int *n)
{
	return n ? *n : 1;
}

SEC("freplace/measure")
int measures(struct limits *limits)
{
	return limits ? limits->high : 1;
}

SEC("freplace/measure")
int measures_other(struct xdp_md *ctx)
{
	return 1;
}
