// SPDX-License-Identifier: GPL-2.0-only
// NULL that is passed to a function of the program, and a callback's context that is not on the stack.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct sum {
	__u64 bytes;
	__u32 most;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, struct sum);
} sums SEC(".maps");

static long add(__u32 round, struct sum *sum)
{
	if (sum->most < round) // want register-type/scalar-dereference "NULL is passed: `sum` is NULL here: bpf_loop() in line 28 passes NULL for it" help "In line 28 pass the address" "in place of `(void *)0`" never "Leave where" never "on this path"
		sum->most = round;
	return 0;
}

SEC("tc")
int passes_nothing(struct __sk_buff *skb)
{
	bpf_loop(skb->len & 15, add, (void *)0, 0); // note "is passed here"
	return 0;
}

static long most(void *map, __u32 *key, struct sum *value, __u32 *most)
{
	if (value->most > *most) // want register-type/scalar-dereference "`most` is NULL here: bpf_for_each_map_elem() in line 47 passes `limit`, which is NULL, for it" help "In line 47 pass the address" "in place of `limit`"
		*most = value->most;
	return 0;
}

SEC("tc")
int passes_what_is_null(struct __sk_buff *skb)
{
	__u32 key = skb->mark;
	struct sum *limit = bpf_map_lookup_elem(&sums, &key);

	if (limit)
		return 0;
	bpf_for_each_map_elem(&sums, most, limit, 0);
	return 0;
}

static __always_inline void store(__u32 *key, __u64 bytes)
{
	struct sum sum = {bytes};

	bpf_map_update_elem(&sums, key, &sum, BPF_ANY); // want call-type/wrong-argument-kind "`key` is NULL here: inlined_into() in line 61 passes NULL for it" help "In line 61 pass the address" "in place of `0`" never "number"
}

SEC("tc")
int inlined_into(struct __sk_buff *skb)
{
	store(0, skb->len);
	return 0;
}

static long grow(__u32 round, struct sum *sum)
{
	sum->bytes += round;
	return 0;
}

static long grow_behind(__u32 round, struct sum **sum)
{
	(*sum)->bytes += round;
	return 0;
}

SEC("tc")
int passes_a_map_value(struct __sk_buff *skb)
{
	__u32 key = skb->mark;
	struct sum *sum = bpf_map_lookup_elem(&sums, &key);

	if (!sum)
		return 0;
	bpf_loop(4, grow, sum, 0); // want call-type/wrong-argument-kind "an address of local memory is needed" help "Pass the address of a local variable, such as `&sum`, through which the callback gets `sum`" never "or a map value"
	return 0;
}

SEC("tc")
int passes_a_local_variable(struct __sk_buff *skb)
{
	__u32 key = skb->mark;
	struct sum *sum = bpf_map_lookup_elem(&sums, &key);

	if (!sum)
		return 0;
	bpf_loop(4, grow_behind, &sum, 0);
	return 0;
}

char _license[] SEC("license") = "GPL";
