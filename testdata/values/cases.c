// SPDX-License-Identifier: GPL-2.0-only
// Variables whose value depends on the path that was taken. A comment has what a hover says of one in its line.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/in.h>
#include <bpf/bpf_helpers.h>

struct total {
	__u64 packets, bytes;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, struct total);
} totals SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct total);
} others SEC(".maps");

SEC("tc")
int null_or_value(struct __sk_buff *skb)
{
	struct total *t = 0;
	__u32 key = skb->ifindex;

	if (skb->mark == 7)
		t = bpf_map_lookup_elem(&totals, &key);
	if (t) // value t: value of `totals`, 16 bytes, may be NULL
		t->packets++; // value t: value of `totals`, 16 bytes
	return 0;
}

SEC("tc")
int header_length(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	struct ethhdr *eth = data;
	__u64 length = 0;

	if (data + sizeof(struct ethhdr) + sizeof(struct iphdr) > end)
		return 0;
	if (eth->h_proto == 8) {
		struct iphdr *ip = (void *)(eth + 1);

		length = 14 + ip->ihl * 4ul;
	}
	bpf_skb_change_type(skb, 0);
	if (bpf_get_prandom_u32() & 1)
		bpf_skb_change_type(skb, 1);
	skb->mark = length; // the compiler says that it is 0 here
	return 0;
}

SEC("tc")
int one_of_two_maps(struct __sk_buff *skb)
{
	__u32 key = 0, other = skb->ifindex;
	struct total *t;

	if (skb->mark == 7) {
		t = bpf_map_lookup_elem(&totals, &other);
		if (!t)
			return 0;
	} else {
		t = bpf_map_lookup_elem(&others, &key);
		if (!t)
			return 1;
	}
	t->bytes += skb->len; // value t: value of `others`, 16 bytes, or value of `totals`, 16 bytes | after line 68: value of `totals`, 16 bytes | after line 72: value of `others`, 16 bytes
	return 0;
}

SEC("tc")
int stack_or_map(struct __sk_buff *skb)
{
	struct total own = {}, *t;
	__u32 key = skb->ifindex;

	t = bpf_map_lookup_elem(&totals, &key);
	if (!t)
		t = &own;
	t->packets += 1; // value t: address on the stack, or value of `totals`, 16 bytes | if `!t` in line 87 is true: address on the stack | if `!t` in line 87 is false: value of `totals`, 16 bytes
	bpf_skb_store_bytes(skb, 0, t, sizeof(*t), 0);
	return 0;
}

SEC("tc")
int results(struct __sk_buff *skb)
{
	int result = -22;

	switch (skb->mark) {
	case 1:
		result = 0;
		break;
	case 2:
		result = 100;
		break;
	case 9:
		result = skb->tc_index & 15;
		break;
	}
	bpf_printk("%d", result); // value result: -22, 0…15, or 100
	return 0;
}

SEC("tc")
int optional_part(struct __sk_buff *skb)
{
	long length = 0;
	char part[64] = {};

	if (skb->mark == 7) {
		length = skb->len;
		if (length < 14 || length > 60)
			return 0;
	}
	bpf_skb_change_type(skb, 0);
	if (bpf_get_prandom_u32() & 1)
		bpf_skb_change_type(skb, 1);
	if (length)
		bpf_skb_load_bytes(skb, 0, part, length); // value length: 14…60
	bpf_printk("%d", length); // value length: 0, or 14…60 | after line 129: 14…60 | otherwise: 0
	return part[0];
}

static __noinline int limited(struct __sk_buff *skb, int limit)
{
	if (skb->len > limit) // value limit: 64, or 1500 | called in line 145: 64 | called in line 146: 1500
		return 0;
	return skb->len;
}

SEC("tc")
int parameters(struct __sk_buff *skb)
{
	if (skb->mark == 1)
		return limited(skb, 64) + 1;
	return limited(skb, 1500);
}

// Both ways have both values: there is nothing to tell apart.
SEC("tc")
int by_both_ways(struct __sk_buff *skb)
{
	__u64 n = 0;

	if (skb->mark == 1)
		n = 100;
	if (skb->len == 99 && n == 100)
		n = 0;
	else if (skb->len == 98)
		n = 100;
	bpf_printk("%d", n); // value n: 0, or 100
	return 0;
}

// A loop's variable has many values.
SEC("tc")
int rounds(struct __sk_buff *skb)
{
	__u32 sum = 0;

	for (int i = 0; i < 12; i += 2)
		sum += bpf_get_prandom_u32() & i; // value i: 0…10
	return sum;
}

char LICENSE[] SEC("license") = "GPL";
