// SPDX-License-Identifier: GPL-2.0-only
// Results of global functions that are not numbers, and what callers do with them.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct slot {
	__u64 hits;
	__u32 owner;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, struct slot);
} slots SEC(".maps");

__attribute__((noinline)) struct slot *slot_of(__u32 key) // want program-structure/global-function-signature "slot_of() is verified on its own, which only functions that return a number can be, and its result is `struct slot *`" help "Make the function `static`" never "parameter"
{
	struct slot *s = bpf_map_lookup_elem(&slots, &key);

	if (!s)
		bpf_printk("no slot %u", key);
	return s;
}

SEC("tc")
int used_twice(struct __sk_buff *skb)
{
	struct slot *s = slot_of(skb->ifindex), *other;

	if (s)
		s->hits++;
	other = slot_of(skb->mark);
	if (other)
		other->owner = skb->hash;
	return 0;
}

SEC("tc")
int passed_on(struct __sk_buff *skb)
{
	struct slot *s = slot_of(skb->ifindex);
	__u32 key = 1;

	if (s)
		bpf_map_update_elem(&slots, &key, s, BPF_ANY);
	return 0;
}

__attribute__((noinline)) void note(__u32 key) // want program-structure/global-function-signature "and its result is `void`" help "have it return a number"
{
	bpf_printk("key %u", key);
}

SEC("tc")
int calls_void(struct __sk_buff *skb)
{
	note(skb->mark);
	return 0;
}

char _license[] SEC("license") = "GPL";
