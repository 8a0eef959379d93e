// SPDX-License-Identifier: GPL-2.0-only
// clang: -g0
// An object without types and lines.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#ifndef FIXED
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 1);
} counts SEC(".maps");

SEC("xdp")
int counting(struct xdp_md *ctx)
{
	__u32 key = 0;
	__u64 *count = bpf_map_lookup_elem(&counts, &key);

	if (count)
		*count += 1;
	return XDP_PASS;
}
#endif

SEC("xdp")
int accepted(struct xdp_md *ctx)
{
	return XDP_PASS;
}
