// SPDX-License-Identifier: GPL-2.0-only
// Counts hops in a packet. Packets are not shared between CPUs, and the kernel has
// no atomic operations for them.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int bad(struct xdp_md *ctx)
{
	__u32 *hops = (void *)(long)ctx->data;

	if ((void *)(hops + 1) > (void *)(long)ctx->data_end)
		return XDP_PASS;
	__sync_fetch_and_add(hops, 1); // want register-type/atomic-forbidden "BPF_ATOMIC stores into R1 pkt is not allowed"
	return XDP_PASS;
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	__u32 *hops = (void *)(long)ctx->data;

	if ((void *)(hops + 1) > (void *)(long)ctx->data_end)
		return XDP_PASS;
	*hops += 1;
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
