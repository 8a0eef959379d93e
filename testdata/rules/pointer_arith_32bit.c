// SPDX-License-Identifier: GPL-2.0-only
// Skips the Ethernet header. The context declares `data` as a 32-bit number, but
// what it reads is a pointer: the sum must be made after the cast.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int bad(struct xdp_md *ctx)
{
	__u32 start = ctx->data + ETH_HLEN; // want register-type/pointer-arith-32bit "32-bit pointer arithmetic prohibited"
	struct iphdr *ip = (void *)(long)start;

	if ((void *)(ip + 1) > (void *)(long)ctx->data_end)
		return XDP_PASS;
	return ip->ttl ? XDP_PASS : XDP_DROP;
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	struct iphdr *ip = (void *)(long)ctx->data + ETH_HLEN;

	if ((void *)(ip + 1) > (void *)(long)ctx->data_end)
		return XDP_PASS;
	return ip->ttl ? XDP_PASS : XDP_DROP;
}

char LICENSE[] SEC("license") = "GPL";
