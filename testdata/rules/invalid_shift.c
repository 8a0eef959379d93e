// SPDX-License-Identifier: GPL-2.0-only
// Inline assembly shifts a 64-bit register by 64.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u64 hash = skb->hash;

	asm volatile("%[hash] >>= 64" : [hash] "+r"(hash)); // want program-structure/invalid-shift "invalid shift 64"
	return hash != 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u64 hash = skb->hash;

	asm volatile("%[hash] >>= 63" : [hash] "+r"(hash));
	return hash != 0;
}

char LICENSE[] SEC("license") = "GPL";
