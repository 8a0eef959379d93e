// SPDX-License-Identifier: GPL-2.0-only
// Writes a mark at the end of a local buffer, by its distance from the end.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u8 buf[16] = {};

	*(buf + 15 - (skb->mark & 7)) = 1; // want register-type/stack-pointer-subtraction "subtraction from stack pointer prohibited"
	return buf[skb->priority & 15];
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u8 buf[16] = {};

	buf[8 + (skb->mark & 7)] = 1;
	return buf[skb->priority & 15];
}

char LICENSE[] SEC("license") = "GPL";
