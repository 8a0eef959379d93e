// SPDX-License-Identifier: GPL-2.0-only
// A check that leaves the function is no help where what follows is right for the values that fail it: the use of the
// value gets a condition of its own then, and an element that was just inserted is looked up again.
#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

#define DEPTH 16

struct calls {
	__u32 depth;
	__u64 ids[DEPTH], last;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, struct calls);
} all SEC(".maps"), others SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps"), totals SEC(".maps");

__u64 seen, repeated, missing;

SEC("tc")
int caller_is_compared(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex, depth, before;
	struct calls *c = bpf_map_lookup_elem(&all, &key);

	if (!c)
		return 0;
	depth = c->depth;
	if (depth >= DEPTH)
		return 0;
	before = depth - 1;
	if (c->ids[before] == skb->hash) { // want memory/unbounded-offset "subtracts 1 from `depth`" help "write `if (depth > 0 && c->ids[before] == skb->hash)` in line 43" never "depth == 0"
		repeated++;
		return 0;
	}
	c->ids[depth] = skb->hash;
	c->depth = depth + 1;
	return 0;
}

SEC("tc")
int nothing_follows(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex, depth, before;
	struct calls *c = bpf_map_lookup_elem(&all, &key);

	if (!c)
		return 0;
	depth = c->depth;
	if (depth >= DEPTH)
		return 0;
	before = depth - 1;
	if (c->ids[before] == skb->hash) // want memory/unbounded-offset "subtracts 1 from `depth`" help "depth == 0" never "depth > 0"
		repeated++;
	return 0;
}

SEC("tc")
int difference_is_needed_again(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex, depth, before;
	struct calls *c = bpf_map_lookup_elem(&all, &key);

	if (!c)
		return 0;
	depth = c->depth;
	if (depth >= DEPTH)
		return 0;
	before = depth - 1;
	if (c->ids[before] == skb->hash) // want memory/unbounded-offset "subtracts 1 from `depth`" help "depth == 0" never "depth > 0"
		repeated++;
	c->last = c->ids[before];
	return 0;
}

SEC("cgroup_skb/egress")
int inserted_and_used(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex;
	__u64 none = 0, *count;

	count = bpf_map_lookup_elem(&counts, &key);
	if (!count)
		bpf_map_update_elem(&counts, &key, &none, BPF_NOEXIST);
	__sync_fetch_and_add(count, skb->len); // want register-type/scalar-dereference "`count` is NULL on this path" help "Look the element up again behind bpf_map_update_elem() in line 95, which inserts it: `count = bpf_map_lookup_elem(&counts, &key); if (!count) return 1;`" never "End the"
	return 1;
}

SEC("cgroup_skb/egress")
int inserted_elsewhere(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex;
	__u64 none = 0, *count;

	count = bpf_map_lookup_elem(&counts, &key);
	if (!count)
		bpf_map_update_elem(&totals, &key, &none, BPF_NOEXIST);
	__sync_fetch_and_add(count, skb->len); // want register-type/scalar-dereference "`count` is NULL on this path" help "end the `if` in line 107 with `return 1;`" never "again"
	return 1;
}

SEC("tc")
int other_work_follows(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex;
	__u64 *count = bpf_map_lookup_elem(&counts, &key);

	if (!count)
		missing++;
	__sync_fetch_and_add(count, 1); // want register-type/scalar-dereference "`count` is NULL on this path" help "write `if (count) __sync_fetch_and_add(count, 1);` in line 121" never "return"
	seen += skb->len;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
