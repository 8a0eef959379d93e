// SPDX-License-Identifier: GPL-2.0-only
// Indexes that are one too large, or one too small.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define LEVELS 12

struct levels {
	__u16 last;
	__u32 counts[LEVELS];
};

struct steps {
	__u32 sizes[7];
	__u16 last;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, struct levels);
} all SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, struct steps);
} steps SEC(".maps");

SEC("tc")
int shortened(struct __sk_buff *skb)
{
	__u32 mark = skb->mark, level = skb->priority;
	struct levels *levels = bpf_map_lookup_elem(&all, &mark);

	if (!levels)
		return 0;
	if (level > LEVELS)
		level = LEVELS;
	levels->counts[level] += skb->len; // want memory/out-of-bounds "`counts` has 12 elements" help "Write `level >= LEVELS` in line 40 and `level = LEVELS - 1;` in line 41." never "Leave before"
	return 0;
}

SEC("tc")
int left(struct __sk_buff *skb)
{
	__u32 mark = skb->mark, level = skb->priority;
	struct levels *levels = bpf_map_lookup_elem(&all, &mark);

	if (!levels || level > LEVELS)
		return 0;
	levels->counts[level] += skb->len; // want memory/out-of-bounds "lets 12 pass" help "`level >= LEVELS`"
	return 0;
}

SEC("xdp")
int before_the_last(struct xdp_md *ctx)
{
	__u32 queue = ctx->rx_queue_index;
	struct steps *step = bpf_map_lookup_elem(&steps, &queue);
	__u16 last;

	if (!step)
		return XDP_PASS;
	last = step->last;
	if (last > 6)
		return XDP_PASS;
	step->last = step->sizes[last - 1]; // want memory/out-of-bounds "`last` is 0 to 6 here, so the index `last - 1` may be negative" help "`if (last == 0) return XDP_PASS;`" never "up to -4"
	return XDP_PASS;
}

SEC("tc")
int opposite(struct __sk_buff *skb)
{
	__u32 mark = skb->mark;
	struct levels *levels = bpf_map_lookup_elem(&all, &mark);
	long below = (int)skb->priority;

	if (!levels || below >= 0 || below < -11)
		return 0;
	asm volatile("" : "+r"(below));
	levels->counts[-below] = skb->len; // want memory/out-of-bounds "`below` is -11 to -1 here, and multiplied by the size of an element it is -64 to -4 for the verifier" never "`-below` is"
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
