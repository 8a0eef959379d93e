// SPDX-License-Identifier: GPL-2.0-only
// Reads one word of the control buffer. The kernel translates accesses to the
// context before the program runs, when no index is known.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("tc")
int bad(struct __sk_buff *skb)
{
	return skb->cb[skb->mark & 3]; // want register-type/variable-pointer-dereference "variable ctx access var_off="
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u32 cb[] = { skb->cb[0], skb->cb[1], skb->cb[2], skb->cb[3] };

	return cb[skb->mark & 3];
}

char LICENSE[] SEC("license") = "GPL";
