// SPDX-License-Identifier: GPL-2.0-only
// Inline assembly has an instruction in bytes, which name register 12.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int bad(struct xdp_md *ctx)
{
	asm volatile(".8byte 0xc0bf" ::: "r0"); // want program-structure/invalid-register "R12 is invalid"
	return XDP_PASS;
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	asm volatile(".8byte 0xa0bf" ::: "r0"); // r0 = r10
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
