// SPDX-License-Identifier: GPL-2.0-only
// Functions call each other nine deep.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define LAYER(name, next)                                 \
	static __noinline int name(struct __sk_buff *skb) \
	{                                                 \
		return next(skb) + (skb->mark == __LINE__); \
	}

static __noinline int innermost(struct __sk_buff *skb)
{
	return skb->len > 64;
}

LAYER(seventh, innermost) // want verifier-limit/call-depth "the call stack of 9 frames is too deep"
LAYER(sixth, seventh)
LAYER(fifth, sixth)
LAYER(fourth, fifth)
LAYER(third, fourth)
LAYER(second, third)
LAYER(first, second)

SEC("tc")
int bad(struct __sk_buff *skb)
{
	return first(skb);
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	return second(skb);
}

char LICENSE[] SEC("license") = "GPL";
