// SPDX-License-Identifier: GPL-2.0-only
// Elements of a program array that no program uses: the first decides, and each has to be loaded.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

int one(struct bpf_sock_ops *ctx);
int two(struct xdp_md *ctx);

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 4);
	__uint(key_size, 4);
	__array(values, int (void *));
} all SEC(".maps") = {
	.values = {
		[1] = (void *)&one,
#ifndef FIXED
		[3] = (void *)&two, // want loader/shared-map "are of different types"
#endif
	},
};

SEC("sockops")
int one(struct bpf_sock_ops *ctx)
{
	return 0;
}

SEC("xdp")
int two(struct xdp_md *ctx)
{
	return XDP_PASS;
}
