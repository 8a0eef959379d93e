// SPDX-License-Identifier: GPL-2.0-only
// Functions that are checked in their callers, and those that are checked on their own.
#include "several.h"

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps");

__u64 sums[16];

struct range {
	__u32 from, to;
};

__attribute__((noinline)) int global_index(__u32 at)
{
	return sums[at]; // beyond memory/unbounded-offset
}

SEC("tc")
int global_behind_fault(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex;
	__u64 *n = bpf_map_lookup_elem(&counts, &key);

	MEND(if (!n) return 0;)
	*n = 1; // first register-type/nullable-dereference
	return global_index(skb->mark);
}

__attribute__((noinline)) int global_lookup(__u32 key)
{
	__u64 *n = bpf_map_lookup_elem(&counts, &key);

	return *n; // beyond register-type/nullable-dereference
}

SEC("tc")
int global_before_fault(struct __sk_buff *skb)
{
	__u32 at = skb->mark, got = global_lookup(skb->hash);

	MEND(at &= 15;)
	sums[at] = got; // first memory/unbounded-offset
	return 0;
}

__attribute__((noinline)) int first_global(__u32 at)
{
	MEND(at &= 15;)
	return sums[at]; // first memory/unbounded-offset
}

__attribute__((noinline)) int second_global(struct range *r)
{
	return r->from; // beyond register-type/nullable-dereference
}

SEC("tc")
int two_globals(struct __sk_buff *skb)
{
	struct range r = {skb->len, skb->mark};

	return first_global(skb->mark) + second_global(&r);
}

static __attribute__((noinline)) void count(__u32 key)
{
	__u64 *n = bpf_map_lookup_elem(&counts, &key);

	MEND(if (!n) return;)
	*n += 1; // first register-type/nullable-dereference
}

SEC("tc")
int static_then_own(struct __sk_buff *skb)
{
	__u32 at = skb->priority;

	count(skb->mark);
	sums[at] = 1; // beyond memory/unbounded-offset
	return 0;
}

static __attribute__((noinline)) __u64 sum_at(__u32 at)
{
	return sums[at]; // beyond memory/unbounded-offset
}

SEC("tc")
int own_then_static(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex;
	__u64 *n = bpf_map_lookup_elem(&counts, &key);

	MEND(if (!n) return 0;)
	*n = 2; // first register-type/nullable-dereference
	return sum_at(skb->mark);
}

static long step(__u32 i, void *data)
{
	__u32 *at = data;

	sums[*at + i] = i; // beyond memory/unbounded-offset
	return 0;
}

SEC("tc")
int in_a_callback(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex, at = skb->mark;
	__u64 *n = bpf_map_lookup_elem(&counts, &key);

	MEND(if (!n) return 0;)
	*n = 2; // first register-type/nullable-dereference
	bpf_loop(4, step, &at, 0);
	return 0;
}

static long each(void *map, __u32 *key, __u64 *value, void *data)
{
	__u32 at = *key;

	sums[at] = *value; // beyond memory/unbounded-offset
	return 0;
}

SEC("tc")
int callback_and_own(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex;
	__u64 *n;

	bpf_for_each_map_elem(&counts, each, 0, 0);
	n = bpf_map_lookup_elem(&counts, &key);
	MEND(if (!n) return 0;)
	return *n; // first register-type/nullable-dereference
}

SEC("cgroup/skb")
int verdict_and_index(struct __sk_buff *skb)
{
	__u32 at = skb->mark;

	if (skb->len > 1000)
		return 7; // beyond call-type/return-value
	MEND(at &= 15;)
	sums[at] = 1; // first memory/unbounded-offset
	return 1;
}

SEC("cgroup/sock_create")
int index_and_verdict(struct bpf_sock *sk)
{
	__u32 at = sk->mark;

	MEND(at &= 15;)
	sums[at] += 1; // first memory/unbounded-offset
	if (sk->protocol == 17)
		return 1;
	return sk->family; // beyond call-type/return-value
}

SEC("tc")
int argument_and_lookup(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex;
	__u64 *n = bpf_map_lookup_elem(&counts, &key);
	__u32 other = skb->mark;
	__u64 *m = bpf_map_lookup_elem(&counts, &other);

	MEND(if (!m) return 0;)
	sums[0] = *m & 15; // first register-type/nullable-dereference
	if (skb->len > 60)
		return *n; // beyond register-type/nullable-dereference
	return 0;
}
