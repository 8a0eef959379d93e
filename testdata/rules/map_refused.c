// SPDX-License-Identifier: GPL-2.0-only
// The index of an array has 4 bytes.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u64); // want loader/map-refused ""
	__type(value, __u64);
	__uint(max_entries, 4);
} bytes SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 4);
} packets SEC(".maps");

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u64 key = skb->protocol & 3;
	__u64 *count = bpf_map_lookup_elem(&bytes, &key);

	if (count)
		*count += skb->len;
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u32 key = skb->protocol & 3;
	__u64 *count = bpf_map_lookup_elem(&packets, &key);

	if (count)
		*count += 1;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
