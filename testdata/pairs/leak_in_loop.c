// SPDX-License-Identifier: GPL-2.0-only
// Looks a socket up in each round and releases the last one.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

SEC("tc")
int bad(struct __sk_buff *skb)
{
	struct bpf_sock_tuple tuple = {};
	struct bpf_sock *sk = (void *)0;

	for (int i = 0; i < 3; i++) {
		tuple.ipv4.dport = bpf_htons(8000 + i);
		sk = bpf_sk_lookup_tcp(skb, &tuple, sizeof(tuple.ipv4), BPF_F_CURRENT_NETNS, 0); // rejected resource-lifetime/unreleased-reference
		if (sk && sk->state == BPF_TCP_LISTEN)
			break; // change, not shown
	}
	if (sk)
		bpf_sk_release(sk);
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	struct bpf_sock_tuple tuple = {};
	struct bpf_sock *sk = (void *)0;

	for (int i = 0; i < 3; i++) {
		tuple.ipv4.dport = bpf_htons(8000 + i);
		sk = bpf_sk_lookup_tcp(skb, &tuple, sizeof(tuple.ipv4), BPF_F_CURRENT_NETNS, 0);
		if (sk && sk->state == BPF_TCP_LISTEN)
			break;
		if (sk)
			bpf_sk_release(sk);
		sk = (void *)0;
	}
	if (sk)
		bpf_sk_release(sk);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
