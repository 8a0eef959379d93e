// SPDX-License-Identifier: GPL-2.0-only
// Makes room on the stack by hand. The verifier finds out how much stack a function
// needs; its end is fixed.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("tc")
int bad(struct __sk_buff *skb)
{
	asm volatile("r10 += -16"); // want register-type/frame-pointer-write "frame pointer is read only"
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u64 room[2] = {};

	barrier_var(room[0]);
	return room[0];
}

char LICENSE[] SEC("license") = "GPL";
