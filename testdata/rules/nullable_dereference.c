// SPDX-License-Identifier: GPL-2.0-only
// Counts packets by mark. A hash map may have no value for a key.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} packets SEC(".maps");

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u32 mark = skb->mark;
	__u64 *count = bpf_map_lookup_elem(&packets, &mark);

	*count += 1; // want register-type/nullable-dereference "R0 invalid mem access 'map_value_or_null'"
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u32 mark = skb->mark;
	__u64 *count = bpf_map_lookup_elem(&packets, &mark);

	if (count)
		*count += 1;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
