// SPDX-License-Identifier: GPL-2.0-only
// Makes a tail call through a plain array.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, __u32);
} plain SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u32);
} programs SEC(".maps");

SEC("xdp")
int bad(struct xdp_md *ctx)
{
	bpf_tail_call(ctx, &plain, 1); // rejected call-type/tail-call-map; change
	return XDP_PASS;
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	bpf_tail_call(ctx, &programs, 1);
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
