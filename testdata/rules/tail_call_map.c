// SPDX-License-Identifier: GPL-2.0-only
// bpf-lsp: --unprivileged
// Goes on with a program for small or for large packets. Without privileges one
// tail call must not have a choice of maps.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct programs {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 4);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} small SEC(".maps"), large SEC(".maps");

SEC("socket")
int bad(struct __sk_buff *skb)
{
	void *programs = &large;

	if (skb->len < 100)
		programs = &small;
	bpf_tail_call(skb, programs, 0); // want call-type/tail-call-map "tail_call abusing map_ptr"
	return 0;
}

SEC("socket")
int fixed(struct __sk_buff *skb)
{
	if (skb->len < 100)
		bpf_tail_call_static(skb, &small, 0);
	bpf_tail_call_static(skb, &large, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
