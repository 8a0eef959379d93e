// SPDX-License-Identifier: GPL-2.0-only
// Sums words of a packet; the check is on the start of the word.
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
	__u16 *word = data;
	__u32 sum = 0;

	for (int i = 0; i < 20; i++) {
		if ((void *)word >= data_end) // change, not shown
			break;
		sum += *word; // rejected memory/packet-out-of-bounds
		word++;
	}
	return sum & 1 ? XDP_DROP : XDP_PASS;
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	__u16 *word = data;
	__u32 sum = 0;

	for (int i = 0; i < 20; i++) {
		if ((void *)(word + 1) > data_end)
			break;
		sum += *word;
		word++;
	}
	return sum & 1 ? XDP_DROP : XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
