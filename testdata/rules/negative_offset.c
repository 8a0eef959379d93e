// SPDX-License-Identifier: GPL-2.0-only
// Notes the distance of two classes, which may go either way.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define CLASSES 16

struct classes {
	__u8 seen[CLASSES];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct classes);
} classes SEC(".maps");

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u32 zero = 0;
	__s64 from = skb->priority % CLASSES, to = skb->mark % CLASSES;
	struct classes *c = bpf_map_lookup_elem(&classes, &zero);

	if (c)
		c->seen[to - from] = 1; // want memory/negative-offset "min value is negative, either use unsigned index or do a if (index >=0) check."
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u32 zero = 0;
	__s64 from = skb->priority % CLASSES, to = skb->mark % CLASSES;
	struct classes *c = bpf_map_lookup_elem(&classes, &zero);

	if (c && to - from >= 0)
		c->seen[to - from] = 1;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
