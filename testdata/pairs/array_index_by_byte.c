// SPDX-License-Identifier: GPL-2.0-only
// A byte indexes fewer than 256 slots.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct slots {
	__u64 packets[140];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, struct slots);
} protocols SEC(".maps");

SEC("xdp")
int bad(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	struct iphdr *ip = data + ETH_HLEN;
	__u32 zero = 0;
	struct slots *s;

	if ((void *)(ip + 1) > data_end)
		return XDP_PASS;
	s = bpf_map_lookup_elem(&protocols, &zero);
	if (!s)
		return XDP_PASS;
	s->packets[ip->protocol]++; // rejected memory/out-of-bounds; change
	return XDP_PASS;
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	struct iphdr *ip = data + ETH_HLEN;
	__u32 zero = 0;
	struct slots *s;

	if ((void *)(ip + 1) > data_end)
		return XDP_PASS;
	s = bpf_map_lookup_elem(&protocols, &zero);
	if (!s)
		return XDP_PASS;
	if (ip->protocol >= 140)
		return XDP_PASS;
	s->packets[ip->protocol]++;
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
