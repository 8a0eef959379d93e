// SPDX-License-Identifier: GPL-2.0-only
// Programs of two hooks that share a program array: SEC("tc") has no attach type, SEC("tcx/ingress") has one.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u32);
} stages SEC(".maps");

static __noinline int step(struct __sk_buff *skb)
{
	bpf_tail_call(skb, &stages, 1); // want loader/shared-map "programs of `SEC(\"tc\")` and of `SEC(\"tcx/ingress\")` have different attach types"
	return 0;
}

SEC("tcx/ingress")
int first(struct __sk_buff *skb)
{
	return step(skb);
}

#ifdef FIXED
SEC("?tc")
#else
SEC("tc")
#endif
int second(struct __sk_buff *skb)
{
	return step(skb);
}

char LICENSE[] SEC("license") = "GPL";
