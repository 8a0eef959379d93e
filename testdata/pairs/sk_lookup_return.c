// SPDX-License-Identifier: GPL-2.0-only
// A lookup hook that returns what XDP returns.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

SEC("sk_lookup")
int bad(struct bpf_sk_lookup *ctx)
{
	if (ctx->local_port == 7)
		return 2; // rejected call-type/return-value; change
	return 1;
}

SEC("sk_lookup")
int fixed(struct bpf_sk_lookup *ctx)
{
	if (ctx->local_port == 7)
		return 0;
	return 1;
}

char LICENSE[] SEC("license") = "GPL";
