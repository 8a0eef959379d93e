// SPDX-License-Identifier: GPL-2.0-only
// Keeps data for a socket that may be missing.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, __u64);
} bytes SEC(".maps");

SEC("cgroup_skb/egress")
int bad(struct __sk_buff *skb)
{
	__u64 *sent = bpf_sk_storage_get(&bytes, skb->sk, 0, BPF_SK_STORAGE_GET_F_CREATE); // rejected call-type/nullable-argument; change

	if (sent)
		*sent += skb->len;
	return 1;
}

SEC("cgroup_skb/egress")
int fixed(struct __sk_buff *skb)
{
	struct bpf_sock *sk = skb->sk;
	__u64 *sent;

	if (!sk)
		return 1;
	sk = bpf_sk_fullsock(sk);
	if (!sk)
		return 1;
	sent = bpf_sk_storage_get(&bytes, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);

	if (sent)
		*sent += skb->len;
	return 1;
}

char LICENSE[] SEC("license") = "GPL";
