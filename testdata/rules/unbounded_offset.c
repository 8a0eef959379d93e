// SPDX-License-Identifier: GPL-2.0-only
// Counts packets by class. Nothing says how large the mark is.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define CLASSES 16

struct counters {
	__u64 packets[CLASSES];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct counters);
} counters SEC(".maps");

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u32 zero = 0;
	struct counters *c = bpf_map_lookup_elem(&counters, &zero);

	if (c)
		c->packets[skb->mark]++; // want memory/unbounded-offset "unbounded memory access, make sure to bounds check any such access"
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u32 zero = 0;
	struct counters *c = bpf_map_lookup_elem(&counters, &zero);

	if (c)
		c->packets[skb->mark % CLASSES]++;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
