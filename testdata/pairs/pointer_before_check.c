// SPDX-License-Identifier: GPL-2.0-only
// Adds to the result of a lookup before the check.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct pair {
	__u64 first, second;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, struct pair);
} pairs SEC(".maps");

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex;
	struct pair *p = bpf_map_lookup_elem(&pairs, &key);
	__u64 *second = &p->second; // rejected register-type/pointer-arith-before-null-check; change

	asm volatile("" : "+r"(second));
	if (!p)
		return 0;
	*second += skb->len;
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex;
	struct pair *p = bpf_map_lookup_elem(&pairs, &key);
	__u64 *second;

	if (!p)
		return 0;
	second = &p->second;
	*second += skb->len;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
