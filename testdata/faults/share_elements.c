// SPDX-License-Identifier: GPL-2.0-only
// What is put into a program array must be like its first user, too.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

int tc_step(struct __sk_buff *skb);
int xdp_step(struct xdp_md *ctx);

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 4);
	__uint(key_size, 4);
	__array(values, int (void *));
} stages SEC(".maps") = {
	.values = {
		[0] = (void *)&tc_step,
#ifndef FIXED
		[2] = (void *)&xdp_step, // want loader/shared-map "libbpf: map 'stages': failed to initialize slot [2] to prog 'xdp_step'"
#endif
	},
};

SEC("tc")
int tc_step(struct __sk_buff *skb)
{
	return 0;
}

SEC("xdp")
int xdp_step(struct xdp_md *ctx)
{
	return XDP_PASS;
}

SEC("tc")
int entry(struct __sk_buff *skb)
{
	bpf_tail_call(skb, &stages, 0);
	return 0;
}
