// SPDX-License-Identifier: GPL-2.0-only
// Inline assembly jumps over an instruction that nothing else leads to.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int bad(struct xdp_md *ctx)
{
	int verdict;

	asm volatile("%0 = 2; goto 1f; %0 = 1; 1:" : "=r"(verdict)); // want program-structure/unreachable "unreachable insn"
	return verdict;
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	int verdict;

	asm volatile("%0 = 2; if %1 < 4 goto 1f; %0 = 1; 1:" : "=&r"(verdict) : "r"(ctx->rx_queue_index));
	return verdict;
}

char LICENSE[] SEC("license") = "GPL";
