// SPDX-License-Identifier: GPL-2.0-only
// Looks at the packet's own socket, which the packet holds. There is nothing to
// give back: only lookups acquire a reference.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("tc")
int bad(struct __sk_buff *skb)
{
	struct bpf_sock *sk = skb->sk;
	int state;

	if (!sk)
		return 0;
	state = sk->state;
	bpf_sk_release(sk); // want call-type/release-not-owned "R1 must be referenced when passed to release function"
	return state;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	struct bpf_sock *sk = skb->sk;

	if (!sk)
		return 0;
	return sk->state;
}

char LICENSE[] SEC("license") = "GPL";
