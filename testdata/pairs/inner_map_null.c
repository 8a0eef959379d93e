// SPDX-License-Identifier: GPL-2.0-only
// The inner map may be missing.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct counters {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
	__uint(max_entries, 16);
	__type(key, __u32);
	__array(values, struct counters);
} by_if SEC(".maps");

SEC("xdp")
int bad(struct xdp_md *ctx)
{
	__u32 port = ctx->ingress_ifindex, zero = 0;
	void *inner = bpf_map_lookup_elem(&by_if, &port);
	__u64 *count = bpf_map_lookup_elem(inner, &zero); // rejected call-type/map-argument; change

	if (count)
		*count += 1;
	return XDP_PASS;
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	__u32 port = ctx->ingress_ifindex, zero = 0;
	void *inner = bpf_map_lookup_elem(&by_if, &port);
	__u64 *count;

	if (!inner)
		return XDP_PASS;
	count = bpf_map_lookup_elem(inner, &zero);

	if (count)
		*count += 1;
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
