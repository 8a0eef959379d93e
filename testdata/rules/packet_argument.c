// SPDX-License-Identifier: GPL-2.0-only
// Sends the Ethernet header to user space. This function takes no packet memory.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

SEC("xdp")
int bad(struct xdp_md *ctx)
{
	struct ethhdr *eth = (void *)(long)ctx->data;

	if ((void *)(eth + 1) > (void *)(long)ctx->data_end)
		return XDP_PASS;
	bpf_ringbuf_output(&events, eth, sizeof(*eth), 0); // want call-type/packet-argument "helper access to the packet is not allowed"
	return XDP_PASS;
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	struct ethhdr *eth = (void *)(long)ctx->data, copy;

	if ((void *)(eth + 1) > (void *)(long)ctx->data_end)
		return XDP_PASS;
	copy = *eth;
	bpf_ringbuf_output(&events, &copy, sizeof(copy), 0);
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
