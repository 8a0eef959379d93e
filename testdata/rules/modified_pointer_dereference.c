// SPDX-License-Identifier: GPL-2.0-only
// Adds up what another program left in the control buffer. The kernel translates
// accesses to the context, which it can only do from the context's start.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

static __noinline int sum_words(__u32 *cb)
{
	return cb[0] + cb[1]; // want register-type/modified-pointer-dereference "dereference of modified ctx ptr R1 off=48 disallowed"
}

static __noinline int sum(struct __sk_buff *skb)
{
	return skb->cb[0] + skb->cb[1];
}

SEC("tc")
int bad(struct __sk_buff *skb)
{
	return sum_words(skb->cb);
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	return sum(skb);
}

char LICENSE[] SEC("license") = "GPL";
