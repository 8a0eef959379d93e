// SPDX-License-Identifier: GPL-2.0-only
// A function returns the address of its own variable.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

static __noinline __u64 *now(void)
{
	__u64 time = bpf_ktime_get_ns(), *at = &time;

	asm volatile("" : "+r"(at)); // keeps the compiler from noticing
	return at; // want resource-lifetime/returned-stack-pointer "cannot return stack pointer to the caller"
}

static __noinline void now_into(__u64 *time)
{
	*time = bpf_ktime_get_ns();
}

__u64 last;

SEC("tc")
int bad(struct __sk_buff *skb)
{
	last = *now();
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u64 time = 0;

	now_into(&time);
	last = time;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
