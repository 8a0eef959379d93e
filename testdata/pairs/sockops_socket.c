// SPDX-License-Identifier: GPL-2.0-only
// The socket of a sockops context may be missing.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

SEC("sockops")
int bad(struct bpf_sock_ops *ctx)
{
	struct bpf_sock *sk = ctx->sk;

	return sk->mark == 7; // rejected register-type/nullable-dereference; change
}

SEC("sockops")
int fixed(struct bpf_sock_ops *ctx)
{
	struct bpf_sock *sk = ctx->sk;

	if (!sk)
		return 0;
	return sk->mark == 7;
}

char LICENSE[] SEC("license") = "GPL";
