// SPDX-License-Identifier: GPL-2.0-only
// Counts in a loop whose number of rounds is a constant: 0, for now.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define EXTRA_ROUNDS 0

static __noinline int weigh(int len)
{
	return len * 7 + (len >> 3);
}

static int add(__u32 i, int *weight)
{
	*weight += i;
	return 0;
}

SEC("xdp")
int bad(struct xdp_md *ctx)
{
	int weight = weigh(ctx->data_end - ctx->data);

	bpf_loop(EXTRA_ROUNDS, add, &weight, 0); // want verifier-internal/removed-function "verifier bug: No program to jit"
	return weight & 1 ? XDP_PASS : XDP_DROP;
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	int weight = weigh(ctx->data_end - ctx->data);

	if (EXTRA_ROUNDS)
		bpf_loop(EXTRA_ROUNDS, add, &weight, 0);
	return weight & 1 ? XDP_PASS : XDP_DROP;
}

char LICENSE[] SEC("license") = "GPL";
