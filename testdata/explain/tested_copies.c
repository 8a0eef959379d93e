// SPDX-License-Identifier: GPL-2.0-only
// Checks that a compiler makes of a copy that is cut to fewer bits.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct table {
	__u32 count;
	__u32 rows[32];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct table);
} tables SEC(".maps");

__u32 last;

SEC("tc")
int row_of_a_sum(struct __sk_buff *skb)
{
	__u32 zero = 0;
	struct table *t = bpf_map_lookup_elem(&tables, &zero);
	__u8 row;

	if (!t)
		return 0;
	row = skb->mark + skb->priority;
	asm volatile("" : "+r"(row));
	if (row >= 32)
		return 0;
	last = t->rows[row]; // want memory/out-of-bounds "`row` is 0 to 255 here, but `rows` has 32 elements" "The condition `row >= 32` in line 31 tests a copy of `row` that is cut to 8 bits: the copy is 0 to 31 since then" help "Make `row` a variable of 64 bits"
	return 0;
}

SEC("xdp")
int row_in_16_bits(struct xdp_md *ctx)
{
	__u32 zero = 0;
	struct table *t = bpf_map_lookup_elem(&tables, &zero);
	__u16 row;

	if (!t)
		return XDP_PASS;
	row = ctx->rx_queue_index * 3;
	asm volatile("" : "+r"(row));
	if (row < 30)
		t->rows[row] = 1; // want memory/out-of-bounds "tests a copy of `row` that is cut to 16 bits" help "Make `row` a variable of 64 bits"
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
