// SPDX-License-Identifier: GPL-2.0-only
// Makes a map larger. The kernel's structure of a map can be read by its members,
// but not written.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct bpf_map {
	__u32 max_entries;
} __attribute__((preserve_access_index));

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, __u64);
} flows SEC(".maps");

SEC("tc")
int bad(struct __sk_buff *skb)
{
	struct bpf_map *map = (struct bpf_map *)&flows;

	map->max_entries = 32; // want memory/map-pointer-access "only read from bpf_htab is supported"
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	struct bpf_map *map = (struct bpf_map *)&flows;

	return map->max_entries < skb->mark;
}

char LICENSE[] SEC("license") = "GPL";
