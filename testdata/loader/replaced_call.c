// SPDX-License-Identifier: GPL-2.0-only
// Calls of helpers that no kernel has: a negative number stands for what the loader puts there.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

static __always_inline int filter(struct __sk_buff *skb)
{
	register struct __sk_buff *ctx asm("r1") = skb;
	register int result asm("r0");

	asm volatile("call %[hole]" : "=r"(result) : [hole] "i"(-559038737), "r"(ctx) : "r2", "r3", "r4", "r5");
	return result;
}

SEC("socket")
int waits_for_code(struct __sk_buff *skb)
{
	return filter(skb);
}

SEC("socket")
int calls_none(struct __sk_buff *skb)
{
	return ((int (*)(void))9999)();
}

char LICENSE[] SEC("license") = "GPL";
