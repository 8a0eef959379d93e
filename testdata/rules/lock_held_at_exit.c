// SPDX-License-Identifier: GPL-2.0-only
// An early return forgets the lock.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct bucket {
	struct bpf_spin_lock lock;
	__u32 tokens;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct bucket);
} buckets SEC(".maps");

SEC("xdp")
int bad(struct xdp_md *ctx)
{
	__u32 key = 0;
	struct bucket *b = bpf_map_lookup_elem(&buckets, &key);

	if (!b)
		return XDP_PASS;
	bpf_spin_lock(&b->lock); // note "`b->lock` is locked here"
	if (b->tokens == 0)
		return XDP_DROP; // want execution-context/lock-held-at-exit "BPF_EXIT instruction in main prog cannot be used inside bpf_spin_lock-ed region"
	b->tokens--;
	bpf_spin_unlock(&b->lock);
	return XDP_PASS;
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	__u32 key = 0;
	struct bucket *b = bpf_map_lookup_elem(&buckets, &key);
	int verdict = XDP_DROP;

	if (!b)
		return XDP_PASS;
	bpf_spin_lock(&b->lock);
	if (b->tokens > 0) {
		b->tokens--;
		verdict = XDP_PASS;
	}
	bpf_spin_unlock(&b->lock);
	return verdict;
}

char LICENSE[] SEC("license") = "GPL";
