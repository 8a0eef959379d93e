// SPDX-License-Identifier: GPL-2.0-only
// Contexts, the stack and arithmetic, beside other faults.
#include "several.h"

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_RDONLY_PROG);
	__type(key, __u32);
	__type(value, __u64);
} settings SEC(".maps");

__u64 sums[16];
const volatile __u32 wanted[4] = {1, 2, 3, 4};

SEC("tc")
int write_to_context(struct __sk_buff *skb)
{
	__u32 key = skb->mark;
	__u64 *n;

	PICK(skb->len, skb->mark) = 4; // first memory/context-access
	n = bpf_map_lookup_elem(&counts, &key);
	return *n; // beyond register-type/nullable-dereference
}

SEC("xdp")
int read_of_context(struct xdp_md *ctx)
{
	__u32 at = ctx->rx_queue_index;
	__u32 other = *(__u32 *)((void *)ctx + PICK(64, 16)); // first memory/context-access

	sums[0] = other;
	return sums[at]; // beyond memory/unbounded-offset
}

SEC("tc")
int read_only_map(struct __sk_buff *skb)
{
	__u32 zero = 0, at = skb->mark;
	__u64 *s = bpf_map_lookup_elem(&settings, &zero);

	if (!s)
		return 0;
	PICK(*s = 1, sums[3] = *s); // first memory/read-only-map
	sums[at] = 2; // beyond memory/unbounded-offset
	return 0;
}

SEC("tc")
int stack_index(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex, at = skb->mark;
	__u64 *n = bpf_map_lookup_elem(&counts, &key);
	volatile __u8 local[16] = {};

	MEND(if (!n) return 0;)
	*n = 3; // first register-type/nullable-dereference
	local[at] = 1; // beyond memory/stack-out-of-bounds
	return local[3];
}

SEC("tc")
int stack_then_lookup(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex, at = skb->mark;
	volatile __u8 local[16] = {};
	__u64 *n;

	MEND(at &= 15;)
	if (local[at] == 1) // first memory/stack-out-of-bounds
		return 0;
	n = bpf_map_lookup_elem(&counts, &key);
	return *n; // beyond register-type/nullable-dereference
}

SEC("tc")
int map_value_and_constant(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex;
	__u64 *n = bpf_map_lookup_elem(&counts, &key);

	if (!n)
		return 0;
	n[PICK(1, 0)] = 4; // first memory/out-of-bounds
	key = skb->mark;
	n = bpf_map_lookup_elem(&counts, &key);
	return *n; // beyond register-type/nullable-dereference
}

SEC("tc")
int pointer_arithmetic(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex;
	__s64 moved = skb->mark;
	__u64 *n = bpf_map_lookup_elem(&counts, &key), *m;
	__u8 *at = (__u8 *)sums;

	if (!n)
		return 0;
	moved -= *n;
	MEND(moved &= 15;)
	at[moved] = 1; // first register-type/pointer-offset-unsafe
	key = skb->hash;
	m = bpf_map_lookup_elem(&counts, &key);
	return *m; // beyond register-type/nullable-dereference
}

SEC("tc")
int not_initialised(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex, left;
	__u64 *n;

	asm volatile(PICK("%0 = r5", "%0 = 5") : "=r"(left)); // first register-type/unreadable-register
	sums[1] = left;
	n = bpf_map_lookup_elem(&counts, &key);
	return *n; // beyond register-type/nullable-dereference
}

SEC("tc")
int endless_elsewhere(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex;
	__u64 *n;

	if (skb->len > 100) {
		n = bpf_map_lookup_elem(&counts, &key);
		return *n; // beyond register-type/nullable-dereference
	}
	PICK(for (;;), for (int i = 0; i < 4; i++)) // first verifier-limit/infinite-loop
		asm volatile("");
	return 0;
}

SEC("tc")
int number_as_pointer(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex;
	__u64 *n = bpf_map_lookup_elem(&counts, &key);
	__u64 *made = PICK((void *)(long)skb->mark, &sums[2]);

	*made = 4; // first register-type/scalar-dereference
	return *n; // beyond register-type/nullable-dereference
}
