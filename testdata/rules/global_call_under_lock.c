// SPDX-License-Identifier: GPL-2.0-only
// A function without `static` is verified apart from its callers, so that
// nothing is known there of the lock.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct counter {
	struct bpf_spin_lock lock;
	__u64 sum;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct counter);
} counters SEC(".maps");

__noinline int weight(int length)
{
	return length > 1500 ? 2 : 1;
}

static __noinline int weight_locally(int length)
{
	return length > 1500 ? 2 : 1;
}

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u32 key = 0;
	struct counter *c = bpf_map_lookup_elem(&counters, &key);

	if (!c)
		return 0;
	bpf_spin_lock(&c->lock);
	c->sum += weight(skb->len); // want execution-context/global-call-under-lock "global function calls are not allowed while holding a lock"
	bpf_spin_unlock(&c->lock);
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u32 key = 0;
	struct counter *c = bpf_map_lookup_elem(&counters, &key);

	if (!c)
		return 0;
	bpf_spin_lock(&c->lock);
	c->sum += weight_locally(skb->len);
	bpf_spin_unlock(&c->lock);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
