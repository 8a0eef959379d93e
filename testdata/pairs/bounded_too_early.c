// SPDX-License-Identifier: GPL-2.0-only
// An index is reloaded from the map after it was checked.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct ring {
	__u32 head;
	__u32 bytes[64];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, struct ring);
} rings SEC(".maps");

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u32 zero = 0;
	volatile struct ring *r = bpf_map_lookup_elem(&rings, &zero);

	if (!r)
		return 0;
	if (r->head >= 64)
		r->head = 0;
	r->bytes[r->head] = skb->len; // rejected memory/unbounded-offset; change
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u32 zero = 0;
	volatile struct ring *r = bpf_map_lookup_elem(&rings, &zero);

	if (!r)
		return 0;
	if (r->head >= 64)
		r->head = 0;
	__u32 head = r->head;
	if (head >= 64)
		return 0;
	r->bytes[head] = skb->len;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
