// SPDX-License-Identifier: GPL-2.0-only
// Notes the length of the last packet in a map that programs may only write.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_WRONLY_PROG);
	__type(key, __u32);
	__type(value, __u64);
} last SEC(".maps");

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u32 zero = 0;
	__u64 *length = bpf_map_lookup_elem(&last, &zero);

	if (length && *length < skb->len) // want memory/write-only-map "read from map forbidden, value_size=8 off=0 size=8"
		*length = skb->len;
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u32 zero = 0;
	__u64 *length = bpf_map_lookup_elem(&last, &zero);

	if (length)
		*length = skb->len;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
