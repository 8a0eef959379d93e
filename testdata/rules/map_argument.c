// SPDX-License-Identifier: GPL-2.0-only
// Looks a session up in the map of its port. What a lookup gives is a value; a map
// of maps would be another type of map.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, __u64);
} ports SEC(".maps"), sessions SEC(".maps");

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u32 mark = skb->mark;
	void *inner = bpf_map_lookup_elem(&ports, &mark);

	if (!inner)
		return 0;
	return bpf_map_delete_elem(inner, &mark); // want call-type/map-argument "R1 type=map_value expected=map_ptr"
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u32 mark = skb->mark;
	void *port = bpf_map_lookup_elem(&ports, &mark);

	if (!port)
		return 0;
	return bpf_map_delete_elem(&sessions, &mark);
}

char LICENSE[] SEC("license") = "GPL";
