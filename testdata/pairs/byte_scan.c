// SPDX-License-Identifier: GPL-2.0-only
// Scans the packet for a byte in nested loops.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int bad(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	for (int i = 0; i < 1200; i++) {
		for (int k = 0; k < 800; k++) { // change
			__u8 *at = data + i + k;

			if ((void *)(at + 1) > data_end) // rejected verifier-limit/pending-branches
				break;
			if (*at == 0xff)
				return XDP_DROP;
		}
	}
	return XDP_PASS;
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	for (int i = 0; i < 1200; i++) {
		__u8 *at = data + i;

		if ((void *)(at + 1) > data_end)
			break;
		if (*at == 0xff)
			return XDP_DROP;
	}
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
