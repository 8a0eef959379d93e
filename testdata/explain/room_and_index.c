// SPDX-License-Identifier: GPL-2.0-only
// How many bytes are where a pointer leads, and how many elements an array has: for lengths, indexes and pointers that are
// moved.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct record {
	__u32 kind;
	char text[60];
	__u32 steps[5];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, struct record);
} records SEC(".maps");

__u64 first, totals[6], bars[9] __attribute__((section(".bss.bars")));
char line[96];

SEC("tc")
int behind_a_prefix(struct __sk_buff *skb)
{
	__u32 key = skb->mark, skip = skb->priority;
	struct record *r = bpf_map_lookup_elem(&records, &key);

	if (!r || skip > 40)
		return 0;
	bpf_skb_load_bytes(skb, 0, r->text + skip, 48); // want call-type/memory-length-range "may access up to 48 bytes at its third argument, `r->text + skip`, but it may lead 44 bytes into the map value, where only 40 of 84 bytes are left. `skip` is 0 to 40 here, but only 0 to 32 keeps the access inside; the condition `skip > 40` in line 29 lets 40 pass" help "`skip > 32`" never "less than that"
	return 0;
}

SEC("tp/syscalls/sys_enter_read")
int longer_than_the_line(__u64 *ctx)
{
	bpf_probe_read_user(line, 300, (void *)ctx[3]); // want call-type/memory-length-range "may access up to 300 bytes at its first argument, `line`, but `line` has 96 bytes" help "Pass a length of at most 96."
	return 0;
}

SEC("tp/syscalls/sys_enter_read")
int count_has_a_limit(__u64 *ctx)
{
	__u64 count = ctx[4];

	if (count > 200)
		return 0;
	bpf_probe_read_user(line, count, (void *)ctx[3]); // want call-type/memory-length-range "but `line` has 96 bytes. `count` is 0 to 200." help "Compare with a smaller number in line 47: `count > 96`."
	return 0;
}

SEC("tp/syscalls/sys_enter_read")
int sum_has_a_limit(__u64 *ctx)
{
	__u64 count = ctx[4];

	if (count > 190)
		return 0;
	bpf_probe_read_user(line, count + 20, (void *)ctx[3]); // want call-type/memory-length-range "`count + 20` is 20 to 210." help "Keep `count + 20` in a variable, and limit that to 96 before the call."
	return 0;
}

SEC("tp/syscalls/sys_enter_read")
int what_is_left_of_it(__u64 *ctx)
{
	__u32 key = 0, used;
	struct record *r = bpf_map_lookup_elem(&records, &key);

	if (!r)
		return 0;
	used = r->kind;
	if (used > sizeof(r->text))
		return 0;
	bpf_probe_read_user(r->text + used, sizeof(r->text) - used, (void *)ctx[3]); // want call-type/memory-length-range "`used` is up to 60 and `sizeof(r->text) - used` up to 60, together up to 120 bytes of 80" help "Limit `used` by a constant, and pass a length of its own that does not grow with that" never "the offset is up"
	return 0;
}

SEC("xdp")
int two_bits_too_many(struct xdp_md *ctx)
{
	volatile __u32 step[4] = {1, 10, 100, 1000};

	return step[ctx->rx_queue_index & 15] > 50; // want memory/stack-out-of-bounds "is not inside `step`: `ctx->rx_queue_index & 15` is 0 to 15 here, but `step` has 4 elements" help "Keep `ctx->rx_queue_index & 15` in a variable, and leave before this line where that is above 3." never "512 bytes" "or its offset"
}

SEC("xdp")
int above_the_table(struct xdp_md *ctx)
{
	volatile __u64 step[4] = {1, 10, 100, 1000};
	__u32 at = ctx->rx_queue_index;

	if (at > 9)
		return XDP_PASS;
	return step[at] > 50; // want memory/stack-out-of-bounds "`at` is 0 to 9 here, but `step` has 4 elements; the condition `at > 9` in line 93 lets 9 pass" help "`at > 3`"
}

SEC("tc")
int the_sixth_of_five(struct __sk_buff *skb)
{
	__u32 key = skb->mark;
	struct record *r = bpf_map_lookup_elem(&records, &key);

	if (!r)
		return 0;
	return r->steps[5]; // want memory/out-of-bounds "`r->steps` has 5 elements, and the index is `5`" help "Use an index of at most 4, or a larger array." never "compare the same variable"
}

SEC("tc")
int an_index_of_a_global(struct __sk_buff *skb)
{
	__u32 at = skb->mark;

	first++;
	if (at > 7)
		return 0;
	totals[at]++; // want memory/out-of-bounds "at offset up to 56 is not inside `totals`. `at` is 0 to 7 here, but `totals` has 6 elements" help "`at > 5`" never "the map value"
	return 0;
}

SEC("tp/syscalls/sys_enter_read")
int back_from_the_end(__u64 *ctx)
{
	char *at = line + sizeof(line);
	__u64 back = ctx[4];

	if (back < 1 || back > 32)
		return 0;
	at -= back; // note "`back` is subtracted from the pointer here"
	*at = 1; // want memory/unbounded-offset "Line 129 subtracts `back` (1 to 32) from `at`, so the offset may be negative, and the verifier keeps no limits of such an offset" help "Compute the index as a number first" never "no upper limit" "`if (back < 0)"
	return 0;
}

SEC("tc")
int local_buffer(struct __sk_buff *skb)
{
	char head[24] = {};

	bpf_skb_load_bytes(skb, 0, head + 4, 40); // want call-type/memory-length-range "but `head` has 24 bytes (declared in line 137), of which the argument leaves out the first 4" help "Pass a length of at most 20." never "Limit the length"
	return head[5];
}

SEC("tc")
int local_buffer_and_limit(struct __sk_buff *skb)
{
	char head[24] = {};
	__u32 count = skb->mark;

	if (count == 0 || count >= 33)
		return 0;
	bpf_skb_load_bytes(skb, 0, head, count); // want call-type/memory-length-range "but `head` has 24 bytes" help "Compare with a smaller number in line 149: `count >= 25`."
	return head[5];
}

SEC("tc")
int one_behind_a_global(struct __sk_buff *skb)
{
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Warray-bounds"
	return bars[9]; // want memory/out-of-bounds "is not inside `bars`. `bars` has 9 elements, and the index is `9`" help "Use an index of at most 8"
#pragma clang diagnostic pop
}

SEC("tc")
int shortened_too_little(struct __sk_buff *skb)
{
	__u32 key = skb->mark, count = skb->len;
	struct record *r = bpf_map_lookup_elem(&records, &key);

	if (!r)
		return 0;
	if (count > 80)
		count = 80;
	bpf_skb_load_bytes(skb, 0, &r->steps, count); // want call-type/memory-length-range "only 20 bytes are there" help "`if (count > 20) count = 20;`" never "smaller number"
	return 0;
}

SEC("tc")
int back_in_the_packet(struct __sk_buff *skb)
{
	__u8 *at = (void *)(long)skb->data;
	__u32 back = skb->mark & 7;

	at -= back; // note "is subtracted from the pointer here"
	if (at + 4 > (__u8 *)(long)skb->data_end)
		return 0;
	return *at; // want memory/negative-offset "Line 184 subtracts" help "Compute the index as a number first" never "unsigned type"
}

char LICENSE[] SEC("license") = "GPL";
