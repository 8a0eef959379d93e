// SPDX-License-Identifier: GPL-2.0-only
// Inline assembly takes an address outside of a global array.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__u64 packets[4];

SEC("xdp")
int bad(struct xdp_md *ctx)
{
	__u64 *last;

	asm volatile("%0 = packets + 32 ll" : "=r"(last)); // want program-structure/invalid-map-reference "invalid access to map value pointer, value_size=32 off=32"
	*last += 1;
	return XDP_PASS;
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	__u64 *last;

	asm volatile("%0 = packets + 24 ll" : "=r"(last));
	*last += 1;
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
