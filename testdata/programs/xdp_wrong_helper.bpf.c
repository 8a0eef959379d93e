// SPDX-License-Identifier: GPL-2.0-only
// Rejected: XDP runs before there is a socket buffer to load bytes from.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int drop_by_type(struct xdp_md *ctx)
{
	__u16 proto = 0;

	bpf_skb_load_bytes(ctx, 12, &proto, sizeof(proto)); // want policy/helper-not-allowed "program of this type cannot use helper bpf_skb_load_bytes#26"
	return proto ? XDP_PASS : XDP_DROP;
}

char LICENSE[] SEC("license") = "GPL";
