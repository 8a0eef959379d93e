// SPDX-License-Identifier: GPL-2.0-only
// Reads a socket option value without its end.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

SEC("cgroup/setsockopt")
int bad(struct bpf_sockopt *ctx)
{
	__u32 *value = ctx->optval;

	if (ctx->optname != 7)
		return 1;
	return *value < 4096; // rejected memory/packet-out-of-bounds; change
}

SEC("cgroup/setsockopt")
int fixed(struct bpf_sockopt *ctx)
{
	__u32 *value = ctx->optval;

	if (ctx->optname != 7)
		return 1;
	if ((void *)(value + 1) > ctx->optval_end)
		return 1;
	return *value < 4096;
}

char LICENSE[] SEC("license") = "GPL";
