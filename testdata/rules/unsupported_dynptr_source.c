// SPDX-License-Identifier: GPL-2.0-only
// Reads local memory through a dynptr. A dynptr may live longer than a function's
// local variables.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__u8 kept[16];

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u8 local[16] = {}, first = 0;
	struct bpf_dynptr d;

	bpf_dynptr_from_mem(local, sizeof(local), 0, &d); // want call-type/unsupported-dynptr-source "Unsupported reg type fp for bpf_dynptr_from_mem data"
	bpf_dynptr_read(&first, sizeof(first), &d, 0, 0);
	return first;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	struct bpf_dynptr d;
	__u8 first = 0;

	bpf_dynptr_from_mem(kept, sizeof(kept), 0, &d);
	bpf_dynptr_read(&first, sizeof(first), &d, 0, 0);
	return first;
}

char LICENSE[] SEC("license") = "GPL";
