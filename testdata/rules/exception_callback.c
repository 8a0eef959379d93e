// SPDX-License-Identifier: GPL-2.0-only
// An exception leaves nothing of the program but a number.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define __exception_cb(name) __attribute__((btf_decl_tag("exception_callback:" #name)))

extern void bpf_throw(__u64 cookie) __ksym;

__u32 drops[8];

__noinline int count_drop(struct xdp_md *ctx) // want program-structure/exception-callback "exception cb only supports single integer argument"
{
	drops[ctx->rx_queue_index & 7]++;
	return XDP_DROP;
}

__noinline int count_drop_of(__u64 cookie)
{
	drops[cookie & 7]++;
	return XDP_DROP;
}

SEC("xdp") __exception_cb(count_drop)
int bad(struct xdp_md *ctx)
{
	if (ctx->data == ctx->data_end)
		bpf_throw(ctx->rx_queue_index);
	return XDP_PASS;
}

SEC("xdp") __exception_cb(count_drop_of)
int fixed(struct xdp_md *ctx)
{
	if (ctx->data == ctx->data_end)
		bpf_throw(ctx->rx_queue_index);
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
