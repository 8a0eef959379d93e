// SPDX-License-Identifier: GPL-2.0-only
// Addresses that went through variables of a number's type.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("tc")
int aligned_by_hand(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	__u64 at = (__u64)data;

	if (data + 16 > end)
		return 0;
	asm volatile("%[at] &= -8" : [at] "+r"(at)); // want register-type/pointer-bitwise "`at` has the type `__u64` in C, but it holds an address"
	return *(char *)at;
}

SEC("xdp")
int shifted(struct xdp_md *ctx)
{
	unsigned long page = (unsigned long)(void *)(long)ctx->data;

	asm volatile("%[page] >>= 12" : [page] "+r"(page)); // want register-type/pointer-arith-operator "`page` has the type `unsigned long` in C, but it holds an address"
	return page & 1;
}

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} sums SEC(".maps");

SEC("tc")
int moved_in_assembler(struct __sk_buff *skb)
{
	__u32 zero = 0;
	__u64 *sum = bpf_map_lookup_elem(&sums, &zero);
	__u64 len = skb->len;

	if (sum)
		asm volatile("r1 = %[sum]; r2 = %[len]; r1 += r2; r2 = *(u8 *)(r1 + 0)" // want memory/unbounded-offset "no upper limit" never "The offset `len`"
			     :: [sum] "r"(sum), [len] "r"(len) : "r1", "r2");
	return 0;
}

struct cursor {
	__u64 address;
	__u32 hits;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, struct cursor);
} cursors SEC(".maps");

SEC("tc")
int packed_with_a_tag(struct __sk_buff *skb)
{
	__u32 zero = 0;
	__u64 tagged;
	__u64 *sum = bpf_map_lookup_elem(&sums, &zero);

	if (!sum)
		return 0;
	tagged = (__u64)(long)sum & 0xffffffffffffULL; // want register-type/pointer-offset-unsafe "`sum`" "`&` cannot be applied to it" "follows an address only as long as it is whole" help "Keep `sum` as it is" never "Compute the offset"
	tagged |= (__u64)(skb->mark & 0xff) << 48;
	*(__u64 *)(long)(tagged & 0xffffffffffffULL) += 1;
	return 0;
}

SEC("tc")
int kept_in_a_value(struct __sk_buff *skb)
{
	__u32 slot = skb->hash & 15, zero = 0;
	struct cursor *cursor = bpf_map_lookup_elem(&cursors, &slot);
	__u64 *sum;

	if (!cursor)
		return 0;
	if (!cursor->address) {
		sum = bpf_map_lookup_elem(&sums, &zero);
		if (!sum)
			return 0;
		cursor->address = (__u64)(unsigned long)sum;
	} else {
		sum = (__u64 *)(unsigned long)cursor->address;
	}
	*sum += skb->len; // want register-type/scalar-dereference "read from the value of map `cursors`, and what is read from there is a number" help "look it up again: `bpf_map_lookup_elem(&sums, &zero)`" never "from the context"
	return 0;
}

SEC("tc")
int page_of_address(struct __sk_buff *skb)
{
	__u32 zero = 0;
	__u64 *sum = bpf_map_lookup_elem(&sums, &zero);
	__u64 low;

	if (!sum)
		return 0;
	low = (__u64)(long)sum & 7; // want register-type/pointer-bitwise "`sum` takes part in the bitwise operation `&=`" never "packed"
	return *(__u64 *)((long)sum + low);
}

char LICENSE[] SEC("license") = "GPL";
