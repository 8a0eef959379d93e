// SPDX-License-Identifier: GPL-2.0-only
// A tail call returns if there is no program to go to. A compiler that is told
// otherwise ends the function with the call.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 8);
	__uint(key_size, 4);
	__uint(value_size, 4);
} stages SEC(".maps");

SEC("xdp")
int bad(struct xdp_md *ctx)
{
	bpf_tail_call(ctx, &stages, 1); // want program-structure/fall-through "last insn is not an exit or jmp"
	__builtin_unreachable();
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	bpf_tail_call(ctx, &stages, 1);
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
