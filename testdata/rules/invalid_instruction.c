// SPDX-License-Identifier: GPL-2.0-only
// Inline assembly has bytes that are no instruction.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int bad(struct xdp_md *ctx)
{
	asm volatile(".8byte 0xf7"); // want program-structure/invalid-instruction "unknown opcode f7"
	return XDP_PASS;
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	asm volatile("r0 = 0" ::: "r0");
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
