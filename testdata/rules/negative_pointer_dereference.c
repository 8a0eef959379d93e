// SPDX-License-Identifier: GPL-2.0-only
// Takes the context for a part of something larger, which is how the kernel's own
// code finds the owner of a structure.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct request {
	__u64 id;
	__u32 len;
};

static __noinline int length(struct request *r)
{
	return r->len; // want register-type/negative-pointer-dereference "negative offset ctx ptr R1 off=-8 disallowed"
}

static __noinline int length_of(struct __sk_buff *skb)
{
	return skb->len;
}

SEC("tc")
int bad(struct __sk_buff *skb)
{
	return length((void *)skb - __builtin_offsetof(struct request, len));
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	return length_of(skb);
}

char LICENSE[] SEC("license") = "GPL";
