// SPDX-License-Identifier: GPL-2.0-only
// Rejected: the index may be one past the last element.
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

struct bucket {
	__u64 bytes[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct bucket);
} buckets SEC(".maps");

SEC("tc")
int count_bytes(struct __sk_buff *skb)
{
	__u32 zero = 0;
	struct bucket *b = bpf_map_lookup_elem(&buckets, &zero);
	__u32 slot = skb->queue_mapping;

	if (!b)
		return TC_ACT_OK;
	if (slot > 16)
		return TC_ACT_OK;
	b->bytes[slot] += skb->len; // want memory/out-of-bounds "invalid access to map value"
	return TC_ACT_OK;
}

char LICENSE[] SEC("license") = "GPL";
