// SPDX-License-Identifier: GPL-2.0-only
// Tells sockets apart by their cookies. In this type of program the function finds
// the socket by the packet's context.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("tc")
int bad(struct __sk_buff *skb)
{
	struct bpf_sock *sk = skb->sk;

	if (!sk)
		return 0;
	return bpf_get_socket_cookie(sk) == skb->mark; // want call-type/context-argument "R1 type=sock_common expected=ctx"
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	return bpf_get_socket_cookie(skb) == skb->mark;
}

char LICENSE[] SEC("license") = "GPL";
