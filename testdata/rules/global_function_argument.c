// SPDX-License-Identifier: GPL-2.0-only
// Counts a packet in a function of its own. The function is verified for pointers
// that are not NULL, and what a lookup gives may be.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define __arg_nonnull __attribute__((btf_decl_tag("arg:nonnull")))

struct counter {
	__u64 packets;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, struct counter);
} counters SEC(".maps");

__noinline int count(struct counter *c __arg_nonnull)
{
	c->packets++;
	return 0;
}

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u32 mark = skb->mark;
	struct counter *c = bpf_map_lookup_elem(&counters, &mark);

	return count(c); // want call-type/global-function-argument "Caller passes invalid args into func#1 ('count')"
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u32 mark = skb->mark;
	struct counter *c = bpf_map_lookup_elem(&counters, &mark);

	return c ? count(c) : 0;
}

char LICENSE[] SEC("license") = "GPL";
