// SPDX-License-Identifier: GPL-2.0-only
// Adds up the first numbers. A function that is not static is verified on its own,
// for any arguments, and cannot be a callback.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__u64 sum;

__noinline int add_global(__u32 i, void *ctx)
{
	sum += i;
	return 0;
}

static int add(__u32 i, void *ctx)
{
	sum += i;
	return 0;
}

SEC("tc")
int bad(struct __sk_buff *skb)
{
	bpf_loop(10, add_global, NULL, 0); // want call-type/callback-argument "callback function not static"
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	bpf_loop(10, add, NULL, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
