// SPDX-License-Identifier: GPL-2.0-only
// What a loader without capabilities may load: the walk also follows branches
// that a processor may guess, and pointers must not leak.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct row {
	__u64 cells[8];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, struct row);
} rows SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u64);
} recent SEC(".maps");

static __always_inline struct row *row_of(__u32 key)
{
	return bpf_map_lookup_elem(&rows, &key);
}

SEC("socket")
int masked_index(struct __sk_buff *ctx)
{
	struct row *r = row_of(0);

	return r ? r->cells[ctx->len & 7] : 0;
}

// The bound holds on this path, but not on the path that a processor guesses.
SEC("socket")
int compared_index(struct __sk_buff *ctx)
{
	struct row *r = row_of(0);
	__u32 i = ctx->len;

	if (!r || i >= 8)
		return 0;
	return r->cells[i];
}

SEC("socket")
int two_limits(struct __sk_buff *ctx)
{
	struct row *r = row_of(0);
	__u64 *at;

	if (!r)
		return 0;
	at = r->cells;
	if (ctx->len > 100)
		at += ctx->mark & 3;
	else
		at += ctx->mark & 7;
	return *at;
}

SEC("socket")
int negative_step(struct __sk_buff *ctx)
{
	struct row *r = row_of(0);
	__u64 *at;

	if (!r)
		return 0;
	at = &r->cells[7];
	at -= ctx->len & 7;
	return *at;
}

SEC("socket")
int pointer_into_map(struct __sk_buff *ctx)
{
	struct row *r = row_of(0);

	if (r)
		r->cells[0] = (__u64)r;
	return 0;
}

SEC("socket")
int pointer_returned(struct __sk_buff *ctx)
{
	return (__u64)ctx & 0xff;
}

SEC("socket")
int pointers_compared(struct __sk_buff *ctx)
{
	struct row *a = row_of(0), *b = row_of(1);

	return a && b && a < b;
}

SEC("socket")
int stack_index(struct __sk_buff *ctx)
{
	volatile __u64 cells[4] = { 1, 2, 3, 4 };

	return cells[ctx->len & 3];
}

SEC("socket")
int unwritten_stack(struct __sk_buff *ctx)
{
	struct row r;

	asm volatile("" : "=m"(r));
	return r.cells[ctx->len ? 3 : 3];
}

SEC("socket")
int store_bypass(struct __sk_buff *ctx)
{
	struct row *volatile kept = row_of(0);
	struct row *r = kept;

	return r ? r->cells[1] : 0;
}

SEC("socket")
int context_written(struct __sk_buff *ctx)
{
	ctx->mark = 1;
	return 0;
}

SEC("socket")
int loops(struct __sk_buff *ctx)
{
	int sum = 0;

#pragma clang loop unroll(disable)
	for (int i = 0; i < 4; i++)
		sum += ctx->len >> i;
	return sum;
}

static __noinline int helped(struct __sk_buff *ctx)
{
	return ctx->len + 1;
}

SEC("socket")
int calls(struct __sk_buff *ctx)
{
	return helped(ctx) & 1;
}

SEC("socket")
int prints(struct __sk_buff *ctx)
{
	bpf_printk("%d", ctx->len);
	return 0;
}

SEC("cgroup_skb/egress")
int packet_read(struct __sk_buff *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;

	return data + 1 <= end && *(__u8 *)data == 1;
}

SEC("socket")
int map_of_others(struct __sk_buff *ctx)
{
	__u32 key = 0;
	__u64 *v = bpf_map_lookup_elem(&recent, &key);

	return v ? 1 : 0;
}

SEC("xdp")
int type_of_others(struct xdp_md *ctx)
{
	return XDP_PASS;
}
