// SPDX-License-Identifier: GPL-2.0-only
// Wants a whole Ethernet header. The check subtracts from the packet's end; the
// verifier only follows additions to its start.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int bad(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;

	if (data > end - sizeof(struct ethhdr)) // want register-type/pointer-arith-forbidden "pointer arithmetic on pkt_end prohibited"
		return XDP_DROP;
	return XDP_PASS;
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;

	if (data + sizeof(struct ethhdr) > end)
		return XDP_DROP;
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
