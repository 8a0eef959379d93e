// SPDX-License-Identifier: GPL-2.0-only
// clang: -Wno-c23-extensions
// A parameter without a name, for which the kernel takes none of the object's types.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#ifdef FIXED
__noinline int halve(int n, int times)
{
	return n >> (times & 3);
}
#else
__noinline int halve(int n, int) // want loader/types-refused "A parameter of halve() has no name"
{
	return n >> 1;
}
#endif

SEC("xdp")
int accepted(struct xdp_md *ctx)
{
	return halve(ctx->rx_queue_index, 1) > 3 ? XDP_DROP : XDP_PASS;
}
