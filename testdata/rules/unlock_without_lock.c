// SPDX-License-Identifier: GPL-2.0-only
// The lock is taken for some packets and released for all.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct counter {
	struct bpf_spin_lock lock;
	__u64 packets;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, struct counter);
} counters SEC(".maps");

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex;
	struct counter *c = bpf_map_lookup_elem(&counters, &key);

	if (!c)
		return 0;
	if (skb->len > 0) {
		bpf_spin_lock(&c->lock);
		c->packets++;
	}
	bpf_spin_unlock(&c->lock); // want resource-lifetime/unlock-without-lock "bpf_spin_unlock without taking a lock"
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex;
	struct counter *c = bpf_map_lookup_elem(&counters, &key);

	if (!c)
		return 0;
	if (skb->len > 0) {
		bpf_spin_lock(&c->lock);
		c->packets++;
		bpf_spin_unlock(&c->lock);
	}
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
