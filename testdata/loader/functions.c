// SPDX-License-Identifier: GPL-2.0-only
// A part of a larger object with functions only. It calls one of the kernel, whose loader resolves it when it links them.
#include "loader.h"

struct xdp_md;
struct bpf_dynptr;
extern int bpf_dynptr_from_xdp(struct xdp_md *ctx, __u64 flags, struct bpf_dynptr *ptr);

int begins(struct xdp_md *ctx, struct bpf_dynptr *ptr)
{
	return bpf_dynptr_from_xdp(ctx, 0, ptr);
}
