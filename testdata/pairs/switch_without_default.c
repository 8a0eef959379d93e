// SPDX-License-Identifier: GPL-2.0-only
// A pointer that only some cases set.
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
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps");

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u64 *n;
	__u32 key = 0;

	switch (skb->protocol) {
	case bpf_htons(ETH_P_IP):
		n = bpf_map_lookup_elem(&counts, &key);
		break;
	case bpf_htons(ETH_P_IPV6):
		key = 1;
		n = bpf_map_lookup_elem(&counts, &key);
		break;
	default:
		n = (void *)0;
	}
	if (skb->len > 100 && !n) // change
		return 0;
	*n += 1; // rejected register-type/nullable-dereference
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u64 *n;
	__u32 key = 0;

	switch (skb->protocol) {
	case bpf_htons(ETH_P_IP):
		n = bpf_map_lookup_elem(&counts, &key);
		break;
	case bpf_htons(ETH_P_IPV6):
		key = 1;
		n = bpf_map_lookup_elem(&counts, &key);
		break;
	default:
		n = (void *)0;
	}
	if (!n)
		return 0;
	*n += 1;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
