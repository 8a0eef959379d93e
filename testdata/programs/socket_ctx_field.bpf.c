// SPDX-License-Identifier: GPL-2.0-only
// Rejected: a socket filter must not see the packet's data pointer.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("socket")
int first_byte(struct __sk_buff *skb)
{
	return skb->data; // want memory/context-access "invalid bpf_context access off=76 size=4"
}

char LICENSE[] SEC("license") = "GPL";
