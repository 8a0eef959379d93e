// SPDX-License-Identifier: GPL-2.0-only
// bpf-lsp: --unprivileged
// Notes the last packet. Without privileges a program must not tell anyone where
// the kernel keeps it.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} last SEC(".maps");

SEC("socket")
int bad(struct __sk_buff *skb)
{
	__u32 zero = 0;
	__u64 *packet = bpf_map_lookup_elem(&last, &zero);

	if (packet)
		*packet = (unsigned long)skb; // want register-type/pointer-leak "leaks addr into map"
	return 0;
}

SEC("socket")
int fixed(struct __sk_buff *skb)
{
	__u32 zero = 0;
	__u64 *packet = bpf_map_lookup_elem(&last, &zero);

	if (packet)
		*packet = skb->hash;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
