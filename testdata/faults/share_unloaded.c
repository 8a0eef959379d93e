// SPDX-License-Identifier: GPL-2.0-only
// An element that is not loaded.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

int one(struct xdp_md *ctx);

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 4);
	__uint(key_size, 4);
	__array(values, int (void *));
} all SEC(".maps") = {
	.values = {
		[1] = (void *)&one, // want loader/shared-map "one() is an element of `all`, but is not loaded with the object"
	},
};

#ifdef FIXED
SEC("xdp")
#else
SEC("?xdp")
#endif
int one(struct xdp_md *ctx)
{
	return XDP_PASS;
}

SEC("xdp")
int entry(struct xdp_md *ctx)
{
	bpf_tail_call(ctx, &all, 0);
	return XDP_PASS;
}
