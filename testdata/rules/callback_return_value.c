// SPDX-License-Identifier: GPL-2.0-only
// Adds up the first numbers. The callback says whether to go on, by 0, or to stop,
// by 1.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

static int add_all(__u32 i, __u64 *sum)
{
	*sum += i;
	return i; // want call-type/callback-return-value "At callback return the register R0 has"
}

static int add_some(__u32 i, __u64 *sum)
{
	*sum += i;
	return i >= 100;
}

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u64 sum = 0;

	bpf_loop(skb->len, add_all, &sum, 0);
	return sum > 100;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u64 sum = 0;

	bpf_loop(skb->len, add_some, &sum, 0);
	return sum > 100;
}

char LICENSE[] SEC("license") = "GPL";
