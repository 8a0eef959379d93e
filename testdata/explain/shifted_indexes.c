// SPDX-License-Identifier: GPL-2.0-only
// Where the compiler leaves an addition to the access, the register has another range than the variable of the source.
#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

#define SLOTS 27

struct slots {
	__u32 hits[SLOTS];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, struct slots);
} all SEC(".maps");

SEC("tc")
int one_is_subtracted(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex;
	struct slots *s = bpf_map_lookup_elem(&all, &key);
	int slot, n;

	if (!s)
		return 0;
	n = skb->hash;
	slot = (n >> 12) - 1;
	if (slot >= SLOTS)
		slot = SLOTS - 1;
	s->hits[slot]++; // want register-type/pointer-offset-unsafe "`slot`" help "if (slot < 0)" never "-524288" "26 here"
	return 0;
}

SEC("tc")
int nothing_is_subtracted(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex;
	struct slots *s = bpf_map_lookup_elem(&all, &key);
	int slot, n;

	if (!s)
		return 0;
	n = skb->hash;
	slot = n >> 12;
	if (slot >= SLOTS)
		slot = SLOTS - 1;
	s->hits[slot]++; // want register-type/pointer-offset-unsafe "`slot` may be negative: it is -524288 to 25 here" help "if (slot < 0)"
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
