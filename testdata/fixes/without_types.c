// SPDX-License-Identifier: GPL-2.0-only
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

// Two headers are missing, one of them for a type and a constant.

char LICENSE[] SEC("license") = "GPL";

SEC("xdp")
int parse(struct xdp_md *ctx)
{
	void *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = (void *)(long)ctx->data;

	if ((void *)(eth + 1) > end)
		return XDP_PASS;
	if (eth->h_proto == bpf_htons(ETH_P_IP)) // fix include
		return XDP_DROP;
	return XDP_PASS;
}
