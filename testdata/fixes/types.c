// SPDX-License-Identifier: GPL-2.0-only
// Variables of another size than the keys and values of their maps.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u64);
} packets SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u64);
	__type(value, __u32);
} owners SEC(".maps");

SEC("tc")
int short_key(struct __sk_buff *skb)
{
	__u16 key = skb->ifindex;
	__u64 *n = bpf_map_lookup_elem(&packets, &key); // fix type

	if (n)
		*n += 1;
	return 0;
}

SEC("tc")
int key_of_another_map(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex;

	bpf_map_delete_elem(&owners, &key); // fix type
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
