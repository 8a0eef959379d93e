// SPDX-License-Identifier: GPL-2.0-only
// There is no socket buffer yet where XDP programs run, hence no helper for it.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int bad(struct xdp_md *ctx)
{
	__u8 mac[6] = {};

	bpf_skb_load_bytes(ctx, 0, mac, sizeof(mac)); // want policy/helper-not-allowed "program of this type cannot use helper bpf_skb_load_bytes#26"
	return mac[0] & 1 ? XDP_DROP : XDP_PASS;
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	__u8 mac[6] = {};

	bpf_xdp_load_bytes(ctx, 0, mac, sizeof(mac));
	return mac[0] & 1 ? XDP_DROP : XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
