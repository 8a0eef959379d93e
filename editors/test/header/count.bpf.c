// SPDX-License-Identifier: GPL-2.0-only

// A program whose fault is in its header.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "count.h"

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} packets SEC(".maps");

SEC("xdp")
int count_packets(struct xdp_md *ctx)
{
	count(&packets);
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
