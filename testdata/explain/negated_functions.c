// SPDX-License-Identifier: GPL-2.0-only
// Conditions on inlined functions that return the opposite of what the compiler tests.
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

static __always_inline _Bool plain(struct bpf_sock *sk)
{
	return !(sk->mark & 4);
}

static __always_inline _Bool marked(struct bpf_sock *sk)
{
	return sk->mark & 8;
}

static __always_inline struct bpf_sock *find(struct __sk_buff *skb)
{
	struct bpf_sock_tuple t = { .ipv4.daddr = skb->mark };

	return bpf_sk_lookup_tcp(skb, &t, sizeof(t.ipv4), BPF_F_CURRENT_NETNS, 0);
}

SEC("tc")
int leaves_if_not(struct __sk_buff *skb)
{
	struct bpf_sock *sk = find(skb);

	if (!sk)
		return TC_ACT_OK;
	if (!plain(sk)) // note "condition true: `!plain(sk)`"
		return TC_ACT_OK; // want resource-lifetime/unreleased-reference "`sk`" never "condition false: `!plain(sk)`"
	bpf_sk_release(sk);
	return TC_ACT_SHOT;
}

SEC("tc")
int leaves_if(struct __sk_buff *skb)
{
	struct bpf_sock *sk = find(skb);

	if (!sk)
		return TC_ACT_OK;
	if (plain(sk)) // note "condition true: `plain(sk)`"
		return TC_ACT_SHOT; // want resource-lifetime/unreleased-reference "`sk`" never "condition false: `plain(sk)`"
	bpf_sk_release(sk);
	return TC_ACT_OK;
}

SEC("tc")
int leaves_if_marked(struct __sk_buff *skb)
{
	struct bpf_sock *sk = find(skb);

	if (!sk)
		return TC_ACT_OK;
	if (marked(sk)) // note "condition true: `marked(sk)`"
		return TC_ACT_SHOT; // want resource-lifetime/unreleased-reference "`sk`" never "condition false: `marked(sk)`"
	bpf_sk_release(sk);
	return TC_ACT_OK;
}

char _license[] SEC("license") = "GPL";
