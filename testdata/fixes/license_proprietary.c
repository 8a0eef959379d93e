// SPDX-License-Identifier: GPL-2.0-only
// A license that the functions of the kernel do not go with.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int stamped(struct xdp_md *ctx)
{
	bpf_trace_printk("%d\n", 4, ctx->rx_queue_index); // choice license
	return XDP_PASS;
}

char _license[] SEC("license") = "Proprietary";
