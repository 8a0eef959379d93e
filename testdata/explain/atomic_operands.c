// SPDX-License-Identifier: GPL-2.0-only
// The operand of an atomic operation is an object: the pointer is what leads to that.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct flow {
	__u64 bytes;
	struct {
		__u64 drops, marks;
	} part;
	__u32 kinds[4];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, struct flow);
} flows SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u64);
} sums SEC(".maps");

SEC("tc")
int unchecked(struct __sk_buff *skb)
{
	__u32 key = skb->mark;
	struct flow *flow = bpf_map_lookup_elem(&flows, &key);

	__sync_fetch_and_add(&flow->part.drops, skb->len); // want register-type/nullable-dereference "`flow`, a map value, may be NULL" help "`if (!flow) return 0;`" never "part.drops` may" never "!flow->"
	return 0;
}

SEC("tc")
int element(struct __sk_buff *skb)
{
	__u32 key = skb->mark;
	struct flow *flow = bpf_map_lookup_elem(&flows, &key);

	if (!flow)
		bpf_map_update_elem(&sums, &key, &(__u64){1}, BPF_ANY);
	__sync_fetch_and_or(&flow->kinds[skb->tc_index & 3], 1); // want register-type/scalar-dereference "`flow` is NULL on this path" never "kinds[skb->tc_index & 3]` is"
	return 0;
}

SEC("tc")
int plain(struct __sk_buff *skb)
{
	__u32 key = 1;
	__u64 *sum = bpf_map_lookup_elem(&sums, &key);

	__sync_fetch_and_add(sum, skb->len); // want register-type/nullable-dereference "`sum`, a map value, may be NULL" help "`if (!sum) return 0;`"
	return 0;
}

// A global variable is no pointer, and nothing may be NULL.
__u64 seen;

SEC("tc")
int global_variable(struct __sk_buff *skb)
{
	__sync_fetch_and_add(&seen, skb->len);
	return 0;
}
