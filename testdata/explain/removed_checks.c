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

struct picks {
	__u64 of[12][3];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct picks);
} picked SEC(".maps");

SEC("xdp")
int rest_of_a_division(struct xdp_md *ctx)
{
	__u32 zero = 0, pick;
	struct picks *p = bpf_map_lookup_elem(&picked, &zero);

	if (!p)
		return XDP_PASS;
	pick = bpf_get_prandom_u32() % 12;
	if (pick >= 12)
		return XDP_ABORTED;
	p->of[pick][0]++; // want register-type/pointer-offset-unsafe "The condition `pick >= 12` in line 73 limits `pick` in C, but has no instruction: the compiler took it to be known from the `%` in line 72, whose result has no limits for the verifier" help "Keep the compiler from removing the test" never "is not the number that is used here"
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
