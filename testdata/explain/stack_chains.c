// SPDX-License-Identifier: GPL-2.0-only
// Chains of calls that take too much stack.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u32);
} next SEC(".maps");

static __noinline int fill(struct __sk_buff *skb, __u32 from) // want verifier-limit/stack-size "three_frames() takes 128, fill_twice() takes 240 and fill() takes 208"
{
	char own[200];

	if (bpf_skb_load_bytes(skb, from, own, sizeof(own)))
		return 0;
	return own[3];
}

static __noinline int fill_twice(struct __sk_buff *skb)
{
	char own[240];

	if (bpf_skb_load_bytes(skb, 0, own, sizeof(own)))
		return 0;
	return fill(skb, own[0]) + own[1];
}

SEC("tc")
int three_frames(struct __sk_buff *skb)
{
	char own[128];

	if (bpf_skb_load_bytes(skb, 0, own, sizeof(own)))
		return 0;
	return fill_twice(skb) + own[7];
}

static __noinline int go_on(struct xdp_md *ctx)
{
	bpf_tail_call(ctx, &next, 1); // want verifier-limit/tail-call-stack "and fewer than 256 are allowed before it: before_a_tail_call() takes 304"
	return 0;
}

SEC("xdp")
int before_a_tail_call(struct xdp_md *ctx)
{
	char own[300];

	if (bpf_xdp_load_bytes(ctx, 0, own, sizeof(own)))
		return XDP_PASS;
	return go_on(ctx) + own[9];
}

char LICENSE[] SEC("license") = "GPL";
