// SPDX-License-Identifier: GPL-2.0-only
// Counts in a local array. Atomic operations on the stack need a constant place,
// and local variables need no atomic operation.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u64 seen[4] = {};

	__sync_fetch_and_add(&seen[skb->mark & 3], 1); // want memory/variable-stack-offset "variable offset stack pointer cannot be passed into helper function"
	return seen[skb->priority & 3];
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u64 seen[4] = {};

	seen[skb->mark & 3]++;
	return seen[skb->priority & 3];
}

char LICENSE[] SEC("license") = "GPL";
