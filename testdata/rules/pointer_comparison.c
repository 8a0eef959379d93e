// SPDX-License-Identifier: GPL-2.0-only
// bpf-lsp: --unprivileged
// Looks whether two keys have the same counter. Without privileges a program must
// not learn anything about addresses, so the counters have to tell it themselves.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, __u64);
} counters SEC(".maps");

SEC("socket")
int bad(struct __sk_buff *skb)
{
	__u32 mark = skb->mark, len = skb->len;
	__u64 *a = bpf_map_lookup_elem(&counters, &mark);
	__u64 *b = bpf_map_lookup_elem(&counters, &len);

	if (!a)
		return 0;
	if (a == b) // want register-type/pointer-comparison "pointer comparison prohibited"
		*a += 1;
	return 1;
}

SEC("socket")
int fixed(struct __sk_buff *skb)
{
	__u32 mark = skb->mark, len = skb->len;
	__u64 *a = bpf_map_lookup_elem(&counters, &mark);
	__u64 *b = bpf_map_lookup_elem(&counters, &len);

	if (!a || !b)
		return 0;
	if (*a == *b)
		*a += 1;
	return 1;
}

char LICENSE[] SEC("license") = "GPL";
