// SPDX-License-Identifier: GPL-2.0-only
// Counts packets by a signed mark, which has an upper limit here and no lower one.
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
	int class = skb->mark;
	struct counters *c = bpf_map_lookup_elem(&counters, &zero);

	if (c && class < CLASSES)
		c->packets[class]++; // want register-type/pointer-offset-unsafe "math between map_value pointer and register with unbounded min value is not allowed"
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u32 zero = 0;
	int class = skb->mark;
	struct counters *c = bpf_map_lookup_elem(&counters, &zero);

	if (c && class >= 0 && class < CLASSES)
		c->packets[class]++;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
