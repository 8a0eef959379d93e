// SPDX-License-Identifier: GPL-2.0-only
// The lock of one element is taken, that of another released.
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
	__u32 in = skb->ingress_ifindex, out = skb->ifindex;
	struct counter *from = bpf_map_lookup_elem(&counters, &in);
	struct counter *to = bpf_map_lookup_elem(&counters, &out);

	if (!from || !to)
		return 0;
	bpf_spin_lock(&from->lock); // note "`from->lock` is locked here"
	from->packets++;
	bpf_spin_unlock(&to->lock); // want resource-lifetime/unlock-different-lock "bpf_spin_unlock of different lock"
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u32 in = skb->ingress_ifindex;
	struct counter *from = bpf_map_lookup_elem(&counters, &in);

	if (!from)
		return 0;
	bpf_spin_lock(&from->lock);
	from->packets++;
	bpf_spin_unlock(&from->lock);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
