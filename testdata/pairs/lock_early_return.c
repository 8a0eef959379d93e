// SPDX-License-Identifier: GPL-2.0-only
// Returns with a lock held.
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
	__u64 tokens;
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
	if (b->tokens == 0)
		return 2; // rejected execution-context/lock-held-at-exit; change
	b->tokens--;
	bpf_spin_unlock(&b->lock);
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u32 zero = 0;
	struct bucket *b = bpf_map_lookup_elem(&buckets, &zero);

	if (!b)
		return 0;
	bpf_spin_lock(&b->lock);
	if (b->tokens == 0) {
		bpf_spin_unlock(&b->lock);
		return 2;
	}
	b->tokens--;
	bpf_spin_unlock(&b->lock);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
