// SPDX-License-Identifier: GPL-2.0-only
// Local variables that are read before they are set as a whole, which not every user may do.
// check: unprivileged
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct padded {
	__u8 kind;
	__u32 number;
};

struct pair {
	__u32 first;
	__u32 second;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, struct padded);
	__type(value, struct pair);
} pairs SEC(".maps");

SEC("socket")
int padding(struct __sk_buff *skb)
{
	struct padded key;

	key.kind = 1;
	key.number = skb->mark;
	return bpf_map_lookup_elem(&pairs, &key) ? 1 : 0; // fix initialise
}

SEC("socket")
int a_member(struct __sk_buff *skb)
{
	struct padded key = {};
	struct pair value;

	value.first = skb->mark;
	bpf_map_update_elem(&pairs, &key, &value, BPF_ANY); // fix initialise
	return 0;
}

SEC("socket")
int padding_of_a_removed_one(struct __sk_buff *skb)
{
	struct padded key;

	key.number = skb->mark;
	key.kind = 2;
	return bpf_map_delete_elem(&pairs, &key) ? 1 : 0; // fix initialise
}

SEC("socket")
int on_one_path(struct __sk_buff *skb)
{
    struct padded key = {};
    struct pair value;

    if (skb->len > 100)
        value.second = 2;
    value.first = skb->mark;
    bpf_map_update_elem(&pairs, &key, &value, BPF_ANY); // fix initialise
    return 0;
}

SEC("socket")
int an_array(struct __sk_buff *skb)
{
	__u8 bytes[8];

	bytes[0] = skb->mark;
	return bpf_map_lookup_elem(&pairs, bytes) ? 1 : 0; // fix initialise
}

char LICENSE[] SEC("license") = "GPL";
