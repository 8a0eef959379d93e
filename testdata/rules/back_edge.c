// SPDX-License-Identifier: GPL-2.0-only
// bpf-lsp: --unprivileged
// A loader without capabilities can only load programs without loops.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("socket")
int bad(struct __sk_buff *skb)
{
	int tags = 0;

#pragma clang loop unroll(disable)
	for (int i = 0; i < 4; i++) // want program-structure/back-edge "back-edge from insn"
		if (skb->mark >> i & 1)
			tags++;
	return tags;
}

SEC("socket")
int fixed(struct __sk_buff *skb)
{
	int tags = 0;

#pragma clang loop unroll(full)
	for (int i = 0; i < 4; i++)
		if (skb->mark >> i & 1)
			tags++;
	return tags;
}

char LICENSE[] SEC("license") = "GPL";
