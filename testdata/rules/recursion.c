// SPDX-License-Identifier: GPL-2.0-only
// A function calls itself.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

static __noinline int fibonacci(__u32 n)
{
	if (n < 2)
		return n;
	return fibonacci(n - 1) + fibonacci(n - 2); // want program-structure/recursion "the call stack of 9 frames is too deep"
}

static __noinline int fibonacci_in_loop(__u32 n)
{
	int last = 1, sum = 0;

	for (int i = 0; i < 32 && i < n; i++) {
		int next = last + sum;

		last = sum;
		sum = next;
	}
	return sum;
}

SEC("tc")
int bad(struct __sk_buff *skb)
{
	return fibonacci(skb->priority) > skb->mark;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	return fibonacci_in_loop(skb->priority) > skb->mark;
}

char LICENSE[] SEC("license") = "GPL";
