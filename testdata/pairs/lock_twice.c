// SPDX-License-Identifier: GPL-2.0-only
// Takes the locks of two values.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct account {
	struct bpf_spin_lock lock;
	__u64 amount;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, struct account);
} accounts SEC(".maps");

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u32 from = 0, to = 1;
	struct account *a = bpf_map_lookup_elem(&accounts, &from);
	struct account *b = bpf_map_lookup_elem(&accounts, &to);

	if (!a || !b)
		return 0;
	bpf_spin_lock(&a->lock);
	a->amount -= skb->len;
	bpf_spin_lock(&b->lock); // rejected execution-context/call-under-lock; change
	b->amount += skb->len;
	bpf_spin_unlock(&b->lock);
	bpf_spin_unlock(&a->lock);
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u32 from = 0, to = 1;
	struct account *a = bpf_map_lookup_elem(&accounts, &from);
	struct account *b = bpf_map_lookup_elem(&accounts, &to);

	if (!a || !b)
		return 0;
	bpf_spin_lock(&a->lock);
	a->amount -= skb->len;
	bpf_spin_unlock(&a->lock);
	bpf_spin_lock(&b->lock);
	b->amount += skb->len;
	bpf_spin_unlock(&b->lock);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
