// SPDX-License-Identifier: GPL-2.0-only
// bpf-lsp: --unprivileged
// A loader without capabilities can look at the packets of its own sockets, not
// at what the kernel does.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("tc")
int bad(struct __sk_buff *skb) // want policy/program-type-capability ""
{
	return skb->len > 1500;
}

SEC("socket")
int fixed(struct __sk_buff *skb)
{
	return skb->len > 1500;
}

char LICENSE[] SEC("license") = "GPL";
