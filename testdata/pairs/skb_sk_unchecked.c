// SPDX-License-Identifier: GPL-2.0-only
// The socket of a packet may be missing.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

SEC("cgroup_skb/egress")
int bad(struct __sk_buff *skb)
{
	struct bpf_sock *sk = skb->sk;

	return sk->family != 10; // rejected register-type/nullable-dereference; change
}

SEC("cgroup_skb/egress")
int fixed(struct __sk_buff *skb)
{
	struct bpf_sock *sk = skb->sk;

	if (!sk)
		return 1;
	return sk->family != 10;
}

char LICENSE[] SEC("license") = "GPL";
