// SPDX-License-Identifier: GPL-2.0-only
// Programs of two types that share a program array.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u32);
} stages SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u32);
} tc_stages SEC(".maps");

SEC("xdp")
int first(struct xdp_md *ctx)
{
	bpf_tail_call(ctx, &stages, 1);
	return XDP_PASS;
}

SEC("tc")
int second(struct __sk_buff *skb)
{
#ifdef FIXED
	bpf_tail_call(skb, &tc_stages, 1);
#else
	bpf_tail_call(skb, &stages, 1); // want loader/shared-map "second() (also third()) cannot use `stages` as first() does"
#endif
	return 0;
}

SEC("tc")
int third(struct __sk_buff *skb)
{
#ifdef FIXED
	bpf_tail_call(skb, &tc_stages, 2);
#else
	bpf_tail_call(skb, &stages, 2);
#endif
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
