// SPDX-License-Identifier: GPL-2.0-only
// Spreads packets over four classes by a hash. An address is no number to hash.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u64 hash = (unsigned long)skb * 31; // want register-type/pointer-arith-operator "pointer arithmetic with *= operator prohibited"

	return hash >> 62;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u64 hash = skb->hash * 31UL;

	return hash >> 62;
}

char LICENSE[] SEC("license") = "GPL";
