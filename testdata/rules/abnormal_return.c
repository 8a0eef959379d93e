// SPDX-License-Identifier: GPL-2.0-only
// A tail call ends the whole program, so that the function that makes it must be
// able to return what the program returns.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 8);
	__uint(key_size, 4);
	__uint(value_size, 4);
} stages SEC(".maps");

static __noinline void go_on(struct xdp_md *ctx) // want program-structure/abnormal-return "tail_call is only allowed in functions that return 'int'."
{
	bpf_tail_call(ctx, &stages, 1);
}

static __noinline int go_on_or_pass(struct xdp_md *ctx)
{
	bpf_tail_call(ctx, &stages, 1);
	return XDP_PASS;
}

SEC("xdp")
int bad(struct xdp_md *ctx)
{
	go_on(ctx);
	return XDP_PASS;
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	return go_on_or_pass(ctx);
}

char LICENSE[] SEC("license") = "GPL";
