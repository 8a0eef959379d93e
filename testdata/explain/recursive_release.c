// SPDX-License-Identifier: GPL-2.0-only
// A function of the text that releases what it is passed and calls itself, as no object can have it.
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

#ifdef RECURSIVE
static void drop(struct bpf_sock *sk, int rounds)
{
	if (rounds) {
		drop(sk, rounds - 1);
		return;
	}
	bpf_sk_release(sk);
}
#else
static __always_inline void drop(struct bpf_sock *sk, int rounds)
{
	bpf_sk_release(sk);
}
#endif

SEC("tc")
int leaves_before(struct __sk_buff *skb)
{
	struct bpf_sock_tuple t = { .ipv4.daddr = skb->mark };
	struct bpf_sock *sk = bpf_sk_lookup_tcp(skb, &t, sizeof(t.ipv4), BPF_F_CURRENT_NETNS, 0);

	if (!sk)
		return TC_ACT_OK;
	if (sk->mark == 3)
		return TC_ACT_SHOT; // want resource-lifetime/unreleased-reference "`sk`" help "`bpf_sk_release(sk);`"
	drop(sk, 2);
	return TC_ACT_OK;
}

char _license[] SEC("license") = "GPL";
