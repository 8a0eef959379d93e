// SPDX-License-Identifier: GPL-2.0-only
// Swaps the bytes of a number by hand. The assembly names a register of its own
// choice instead of the operand, and nothing has set that register.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u32 mark = skb->mark, swapped;

	asm volatile("r5 = be32 r5; %0 = r5" : "=r"(swapped) : "r"(mark) : "r5"); // want register-type/unreadable-register "R5 !read_ok"
	return swapped == 1;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u32 mark = skb->mark;

	asm volatile("%0 = be32 %0" : "+r"(mark));
	return mark == 1;
}

char LICENSE[] SEC("license") = "GPL";
