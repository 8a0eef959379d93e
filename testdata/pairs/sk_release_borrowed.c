// SPDX-License-Identifier: GPL-2.0-only
// Releases the socket of the packet, which is not owned.
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
	struct bpf_sock *sk = skb->sk;

	if (!sk)
		return 0;
	if (sk->family == 2)
		bpf_sk_release(sk); // rejected call-type/release-not-owned; change
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	struct bpf_sock *sk = skb->sk;

	if (!sk)
		return 0;
	if (sk->family == 2)
		skb->mark = 1;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
