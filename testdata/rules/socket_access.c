// SPDX-License-Identifier: GPL-2.0-only
// Reads the mark of a packet's socket. The socket may be one of those that the
// kernel keeps few members of.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("tc")
int bad(struct __sk_buff *skb)
{
	struct bpf_sock *sk = skb->sk;

	if (!sk)
		return 0;
	return sk->mark; // want memory/socket-access "invalid sock_common access off=16 size=4"
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	struct bpf_sock *sk = skb->sk;

	if (!sk)
		return 0;
	sk = bpf_sk_fullsock(sk);
	if (!sk)
		return 0;
	return sk->mark;
}

char LICENSE[] SEC("license") = "GPL";
