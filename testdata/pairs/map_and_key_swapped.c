// SPDX-License-Identifier: GPL-2.0-only
// Map and key are swapped.
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
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} marks SEC(".maps");

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u32 key = skb->mark;
	__u64 *n = bpf_map_lookup_elem(&key, &marks); // rejected call-type/map-argument; change

	if (n)
		*n += 1;
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u32 key = skb->mark;
	__u64 *n = bpf_map_lookup_elem(&marks, &key);

	if (n)
		*n += 1;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
