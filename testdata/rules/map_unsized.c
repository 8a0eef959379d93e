// SPDX-License-Identifier: GPL-2.0-only
// Without max_entries the map is created only if user space sets them before.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, __u32);
	__type(value, __u64);
} bytes SEC(".maps"); // want loader/map-unsized ""

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 1024);
} packets SEC(".maps");

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u32 key = skb->protocol;
	__u64 *count = bpf_map_lookup_elem(&bytes, &key);

	if (count)
		*count += skb->len;
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u32 key = skb->protocol;
	__u64 *count = bpf_map_lookup_elem(&packets, &key);

	if (count)
		*count += 1;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
