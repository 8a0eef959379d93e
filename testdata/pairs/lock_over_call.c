// SPDX-License-Identifier: GPL-2.0-only
// Calls a helper while a lock is held.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct bucket {
	struct bpf_spin_lock lock;
	__u64 last, tokens;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, struct bucket);
} buckets SEC(".maps");

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u32 zero = 0;
	struct bucket *b = bpf_map_lookup_elem(&buckets, &zero);

	if (!b)
		return 0;
	bpf_spin_lock(&b->lock);
	b->last = bpf_ktime_get_ns(); // rejected execution-context/call-under-lock; change
	b->tokens--;
	bpf_spin_unlock(&b->lock);
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u32 zero = 0;
	struct bucket *b = bpf_map_lookup_elem(&buckets, &zero);

	__u64 now = bpf_ktime_get_ns();

	if (!b)
		return 0;
	bpf_spin_lock(&b->lock);
	b->last = now;
	b->tokens--;
	bpf_spin_unlock(&b->lock);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
