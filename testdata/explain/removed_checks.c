// SPDX-License-Identifier: GPL-2.0-only
// Checks that stand in the source and have no instruction.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int rest_of_a_chunk(struct xdp_md *ctx)
{
	char chunk[64];
	__u32 size = ctx->ingress_ifindex, done = ctx->rx_queue_index, left;

	if (size > 400 || done >= size)
		return XDP_PASS;
	left = size - done;
	if (left > 64)
		left = 64;
	if (!left)
		return XDP_PASS;
	bpf_xdp_load_bytes(ctx, done, chunk, left); // want call-type/zero-size "The condition `!left` in line 17 has no instruction of its own" help "(left));` before line 17"
	return chunk[0];
}

SEC("tc")
int words(struct __sk_buff *skb)
{
	char word[16];
	__u32 to = skb->mark, from = skb->priority;
	__u32 n;

	if (from < to) {
		n = to - from;
		if (n > 16)
			n = 16;
		if (n > 0)
			bpf_skb_load_bytes(skb, from, word, n); // want call-type/zero-size "The condition `n > 0` in line 34 has no instruction of its own"
		return word[0];
	}
	return 0;
}

SEC("tc")
int tested(struct __sk_buff *skb)
{
	char word[16];
	__u32 n = skb->mark;

	if (n > 16)
		return 0;
	bpf_skb_load_bytes(skb, 0, word, n); // want call-type/zero-size "0 to 16" never "has no instruction"
	return word[0];
}

char LICENSE[] SEC("license") = "GPL";
