// SPDX-License-Identifier: GPL-2.0-only
// Results of lookups, and what is done with the values.
#include "several.h"

struct account {
	__u64 packets;
	__u64 bytes;
	__u32 slots[8];
	char name[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, struct account);
} accounts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 64);
	__type(key, __u64);
	__type(value, __u64);
} limits SEC(".maps");

SEC("tc")
int two_lookups(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex;
	__u64 mark = skb->mark;
	struct account *a = bpf_map_lookup_elem(&accounts, &key);
	__u64 *limit;

	MEND(if (!a) return 0;)
	a->packets++; // first register-type/nullable-dereference
	limit = bpf_map_lookup_elem(&limits, &mark);
	*limit += 1; // beyond register-type/nullable-dereference
	return 0;
}

SEC("tc")
int index_in_value(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex;
	__u32 slot = skb->mark;
	struct account *a = bpf_map_lookup_elem(&accounts, &key);

	MEND(if (!a) return 0;)
	a->bytes += skb->len; // first register-type/nullable-dereference
	a->slots[slot] = 1; // beyond memory/unbounded-offset
	return 0;
}

SEC("tc")
int two_indexes(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex;
	__u32 from = skb->mark, to = skb->priority;
	struct account *a = bpf_map_lookup_elem(&accounts, &key);
	__u32 kept;

	if (!a)
		return 0;
	MEND(if (from >= 8) return 0;)
	kept = a->slots[from]; // first memory/unbounded-offset
	a->slots[to] = kept; // beyond memory/unbounded-offset
	return 0;
}

SEC("tc")
int one_too_far(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex;
	__u64 mark = skb->mark;
	__u32 slot = skb->hash;
	struct account *a = bpf_map_lookup_elem(&accounts, &key);
	__u64 *limit = bpf_map_lookup_elem(&limits, &mark);

	if (!a)
		return 0;
	if (slot > PICK(9, 3))
		return 0;
	a->slots[slot + 8] = 2; // first memory/out-of-bounds
	if (*limit > 4) // beyond register-type/nullable-dereference
		return 1;
	return 0;
}

SEC("tc")
int in_both_branches(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex;
	__u64 mark = skb->mark;

	if (skb->protocol == 8) {
		struct account *a = bpf_map_lookup_elem(&accounts, &key);

		MEND(if (!a) return 0;)
		a->bytes += 5; // first register-type/nullable-dereference
	} else {
		__u64 *limit = bpf_map_lookup_elem(&limits, &mark);

		*limit = 1; // beyond register-type/nullable-dereference
	}
	return 0;
}

SEC("tc")
int passed_and_read(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex;
	__u64 mark = skb->mark;
	struct account *a = bpf_map_lookup_elem(&accounts, &key);
	__u64 *limit = bpf_map_lookup_elem(&limits, &mark);

	MEND(if (!limit) return 0;)
	bpf_map_update_elem(&limits, limit, &mark, BPF_ANY); // first call-type/nullable-argument
	return a->packets > 7; // beyond register-type/nullable-dereference
}

SEC("tc")
int name_too_long(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex;
	__u64 mark = skb->mark;
	struct account *a = bpf_map_lookup_elem(&accounts, &key);
	__u64 *limit;

	if (!a)
		return 0;
	bpf_get_current_comm(a->name, PICK(32, 16)); // first call-type/memory-length-range
	limit = bpf_map_lookup_elem(&limits, &mark);
	return *limit > 9; // beyond register-type/nullable-dereference
}

SEC("tc")
int counted_in_value(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex;
	struct account *a = bpf_map_lookup_elem(&accounts, &key);
	__u32 i, n = skb->mark & 15;

	MEND(if (!a) return 0;)
	__sync_fetch_and_add(&a->packets, 1); // first register-type/nullable-dereference
	for (i = 0; i < n; i++)
		a->name[2 * i] = 0; // beyond memory/out-of-bounds
	return 0;
}

SEC("tc")
int atomic_out_of_bounds(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex;
	__u32 slot = skb->mark;
	__u64 mark = skb->hash;
	struct account *a = bpf_map_lookup_elem(&accounts, &key);
	__u64 *limit;

	if (!a)
		return 0;
	MEND(slot &= 7;)
	__sync_fetch_and_add(&a->slots[slot], 1); // first memory/unbounded-offset
	limit = bpf_map_lookup_elem(&limits, &mark);
	__sync_fetch_and_add(limit, 1); // beyond register-type/nullable-dereference
	return 0;
}

SEC("tc")
int wrong_at_the_end(struct __sk_buff *skb)
{
	__u32 first = 1, second = 2;
	struct account *a = bpf_map_lookup_elem(&accounts, &first);
	struct account *b;

	if (skb->len > 100) {
		MEND(if (!a) return 0;)
		a->bytes += skb->len; // first register-type/nullable-dereference
	}
	b = bpf_map_lookup_elem(&accounts, &second);
	b->bytes += skb->len; // beyond register-type/nullable-dereference
	return 0;
}
