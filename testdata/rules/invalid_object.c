// SPDX-License-Identifier: GPL-2.0-only
// Inline assembly calls the function that is 100 instructions behind the call.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

static __noinline int verdict_of(struct xdp_md *ctx)
{
	return ctx->rx_queue_index > 7 ? XDP_DROP : XDP_PASS;
}

SEC("xdp")
int bad(struct xdp_md *ctx)
{
	asm volatile(".8byte 0x6400001085" ::: "r0", "r1", "r2", "r3", "r4", "r5"); // want loader/invalid-object "a call of something that is no function"
	return verdict_of(ctx);
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	return verdict_of(ctx);
}

char LICENSE[] SEC("license") = "GPL";
