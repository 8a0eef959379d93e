// SPDX-License-Identifier: GPL-2.0-only
// A connect hook that returns an error number.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

SEC("cgroup/connect4")
int bad(struct bpf_sock_addr *ctx)
{
	if (ctx->user_port == bpf_htons(25))
		return -1; // rejected call-type/return-value
	return 1;
}

SEC("cgroup/connect4")
int fixed(struct bpf_sock_addr *ctx)
{
	if (ctx->user_port == bpf_htons(25))
		return 0;
	return 1;
}

char LICENSE[] SEC("license") = "GPL";
