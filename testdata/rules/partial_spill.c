// SPDX-License-Identifier: GPL-2.0-only
// Keeps half of the context's address, which is no address any more.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("tc")
int bad(struct __sk_buff *skb)
{
	volatile __u32 seen;

	seen = (__u32)(unsigned long)skb; // want memory/partial-spill "invalid size of register spill"
	return seen != 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	struct __sk_buff *volatile seen;

	seen = skb;
	return seen != 0;
}

char LICENSE[] SEC("license") = "GPL";
