// SPDX-License-Identifier: GPL-2.0-only
// A hash has memory for all its elements as soon as it is created.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct flow {
	__u32 addrs[8];
	__u16 ports[2];
	__u32 proto;
};

struct seen {
	__u64 packets, bytes, last;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, struct flow);
	__type(value, struct seen);
	__uint(max_entries, 10000000); // want loader/much-memory ""
} flows SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, struct flow);
	__type(value, struct seen);
	__uint(max_entries, 10000000);
	__uint(map_flags, BPF_F_NO_PREALLOC);
} growing SEC(".maps");

SEC("tc")
int bad(struct __sk_buff *skb)
{
	struct flow key = { .proto = skb->protocol };
	struct seen *seen = bpf_map_lookup_elem(&flows, &key);

	if (seen)
		seen->packets++;
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	struct flow key = { .proto = skb->protocol };
	struct seen *seen = bpf_map_lookup_elem(&growing, &key);

	if (seen)
		seen->packets++;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
