// SPDX-License-Identifier: GPL-2.0-only
// Calls a tracing helper in XDP.
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
	__u8 first = 0;

	bpf_skb_load_bytes(ctx, 0, &first, 1); // rejected policy/helper-not-allowed; change
	return first == 0 ? XDP_DROP : XDP_PASS;
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	__u8 first = 0;

	bpf_xdp_load_bytes(ctx, 0, &first, 1);
	return first == 0 ? XDP_DROP : XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
