// SPDX-License-Identifier: GPL-2.0-only
// Variables that some paths leave unset.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8);
	__type(key, __u64);
	__type(value, __u64);
} kinds SEC(".maps");

static __always_inline int kind_of(struct xdp_md *ctx, __u32 *kind)
{
	__u32 queue = ctx->rx_queue_index;

	if (queue == 1)
		*kind = ctx->ingress_ifindex;
	else if (queue == 2)
		*kind = bpf_get_prandom_u32();
	return 0;
}

SEC("xdp")
int unset(struct xdp_md *ctx)
{
	__u32 kind; // note "`kind` is declared here, without a value"
	__u64 key, *value;

	kind_of(ctx, &kind);
	key = kind; // want register-type/unreadable-register "`kind` is used here, but it was never set on this path" help "Give `kind` a value on every path" never "missing `return` value"
	value = bpf_map_lookup_elem(&kinds, &key);
	return value ? XDP_DROP : XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
