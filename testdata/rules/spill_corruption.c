// SPDX-License-Identifier: GPL-2.0-only
// bpf-lsp: --unprivileged
// Keeps the context pointer next to a tag. Without privileges, a pointer that is
// kept on the stack must not be changed byte by byte.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

union handle {
	struct __sk_buff *skb;
	__u8 tag;
};

SEC("socket")
int bad(struct __sk_buff *skb)
{
	volatile union handle h = {};

	h.skb = skb;
	h.tag = 1; // want memory/spill-corruption "attempt to corrupt spilled pointer on stack"
	return 0;
}

SEC("socket")
int fixed(struct __sk_buff *skb)
{
	volatile struct {
		struct __sk_buff *skb;
		__u8 tag;
	} h = {};

	h.skb = skb;
	h.tag = 1;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
