// SPDX-License-Identifier: GPL-2.0-only
// The function that handles exceptions is called like any other.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define __exception_cb(name) __attribute__((btf_decl_tag("exception_callback:" #name)))

extern void bpf_throw(__u64 cookie) __ksym;

__noinline int give_up(__u64 cookie)
{
	return cookie ? 2 : 0;
}

SEC("tc") __exception_cb(give_up)
int bad(struct __sk_buff *skb)
{
	if (skb->len == 0)
		return give_up(1); // want execution-context/exception-callback-call "cannot call exception cb directly"
	return 0;
}

SEC("tc") __exception_cb(give_up)
int fixed(struct __sk_buff *skb)
{
	if (skb->len == 0)
		bpf_throw(1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
