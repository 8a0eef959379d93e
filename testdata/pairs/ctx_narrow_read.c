// SPDX-License-Identifier: GPL-2.0-only
// Reads 2 bytes of a 4-byte member.
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
	__u16 ifindex = *(volatile __u16 *)&ctx->ingress_ifindex; // rejected memory/context-access; change

	return ifindex == 3 ? XDP_DROP : XDP_PASS;
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	__u16 ifindex = ctx->ingress_ifindex;

	return ifindex == 3 ? XDP_DROP : XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
