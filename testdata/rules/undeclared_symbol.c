// SPDX-License-Identifier: GPL-2.0-only
// The variable is in another C file, which was not linked to this one.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern __u32 drop_percent;

const volatile __u32 drop_share = 10;

SEC("xdp")
int bad(struct xdp_md *ctx)
{
	return ctx->rx_queue_index < drop_percent ? XDP_DROP : XDP_PASS; // want loader/undeclared-symbol "failed to find BTF for extern 'drop_percent'"
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	return ctx->rx_queue_index < drop_share ? XDP_DROP : XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
