// SPDX-License-Identifier: GPL-2.0-only
// bpf-lsp: --unprivileged
// A processor that guesses a branch wrongly could use an index that is out of
// range, so that pointer arithmetic of unprivileged programs is limited.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u8[64]);
} tables SEC(".maps");

SEC("socket")
int bad(struct __sk_buff *skb)
{
	__u32 key = 0;
	__u8 *table = bpf_map_lookup_elem(&tables, &key);
	long index = skb->len;

	if (!table || index > 60)
		return 0;
	if (skb->priority)
		index = -index;
	return table[index + 60]; // want policy/speculation-unsafe "R1 has unknown scalar with mixed signed bounds, pointer arithmetic with it prohibited for !root"
}

SEC("socket")
int fixed(struct __sk_buff *skb)
{
	__u32 key = 0;
	__u8 *table = bpf_map_lookup_elem(&tables, &key);

	if (!table)
		return 0;
	return table[skb->len & 63];
}

char LICENSE[] SEC("license") = "GPL";
