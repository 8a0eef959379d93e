// SPDX-License-Identifier: GPL-2.0-only
// Newer compilers call __bpf_trap() where a variable is used that was never
// set. Others just go on, so that the call is written out here.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern void __bpf_trap(void) __ksym;

SEC("tc")
int bad(struct __sk_buff *skb)
{
	int class;

	if (skb->priority < 4) {
		class = skb->priority;
		return class;
	}
	__bpf_trap(); // want program-structure/compiler-trap "unexpected __bpf_trap() due to uninitialized variable?"
	return 0; // was: return class
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	int class = 0;

	if (skb->priority < 4)
		class = skb->priority;
	return class;
}

char LICENSE[] SEC("license") = "GPL";
