// SPDX-License-Identifier: GPL-2.0-only
#include <linux/bpf.h>
#include <bpf/bpf_endian.h>

// Nothing that the compiler says is about SEC().

char LICENSE[] SEC("license") = "GPL"; // fix include

SEC("xdp")
int drop(struct xdp_md *ctx)
{
	return ctx->rx_queue_index == bpf_htons(1) ? XDP_DROP : XDP_PASS;
}
