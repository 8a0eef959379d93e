// SPDX-License-Identifier: GPL-2.0-only
// Inline assembly divides by the constant 0. A divisor that happens to be 0 when
// the program runs is no fault: the result is 0 then.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u64 share = skb->len;

	asm volatile("%[share] /= 0" : [share] "+r"(share)); // want program-structure/division-by-zero "div by zero"
	return share > 10;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u64 share = skb->len;

	asm volatile("%[share] /= %[parts]" : [share] "+r"(share) : [parts] "r"(skb->queue_mapping));
	return share > 10;
}

char LICENSE[] SEC("license") = "GPL";
