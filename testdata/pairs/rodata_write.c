// SPDX-License-Identifier: GPL-2.0-only
// Counts in a constant.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

const volatile __u32 limit = 5;
__u32 count;

SEC("xdp")
int bad(struct xdp_md *ctx)
{
	*(volatile __u32 *)&limit += 1; // rejected memory/read-only-map; change
	return limit > 100 ? XDP_DROP : XDP_PASS;
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	count += 1;
	return limit > 100 ? XDP_DROP : XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
