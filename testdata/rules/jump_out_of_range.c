// SPDX-License-Identifier: GPL-2.0-only
// Inline assembly jumps further than the function is long: an offset counts
// instructions, not bytes.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int bad(struct xdp_md *ctx)
{
	int verdict = XDP_PASS;

	asm volatile("if %[size] > 1500 goto +8;" // want program-structure/jump-out-of-range "jump out of range from insn"
		     "%[verdict] = 1;"
		     : [verdict] "+r"(verdict) : [size] "r"(ctx->data_end - ctx->data));
	return verdict;
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	int verdict = XDP_PASS;

	asm volatile("if %[size] > 1500 goto 1f;"
		     "%[verdict] = 1;"
		     "1:"
		     : [verdict] "+r"(verdict) : [size] "r"(ctx->data_end - ctx->data));
	return verdict;
}

char LICENSE[] SEC("license") = "GPL";
