// SPDX-License-Identifier: GPL-2.0-only
// Counts packets by priority. An index with an upper limit is still wrong if
// the limit is not that of the array.
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
	__u32 zero = 0, class = skb->priority;
	struct counters *c = bpf_map_lookup_elem(&counters, &zero);

	if (c && class <= CLASSES) // 16 itself is outside
		c->packets[class]++; // want memory/out-of-bounds "invalid access to map value, value_size=128 off=128 size=8"
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u32 zero = 0, class = skb->priority;
	struct counters *c = bpf_map_lookup_elem(&counters, &zero);

	if (c && class < CLASSES)
		c->packets[class]++;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
