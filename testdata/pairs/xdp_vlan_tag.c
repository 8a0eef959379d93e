// SPDX-License-Identifier: GPL-2.0-only
// Steps over a VLAN tag that was not checked.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct vlan {
	__be16 tci;
	__be16 encapsulated;
};

SEC("xdp")
int bad(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct vlan *tag = (void *)(eth + 1);
	__u16 proto;

	if ((void *)(eth + 1) > data_end)
		return XDP_ABORTED;
	proto = eth->h_proto;
	if (proto == bpf_htons(ETH_P_8021Q)) // change
		proto = tag->encapsulated; // rejected memory/packet-out-of-bounds
	return proto == bpf_htons(ETH_P_ARP) ? XDP_DROP : XDP_PASS;
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct vlan *tag = (void *)(eth + 1);
	__u16 proto;

	if ((void *)(eth + 1) > data_end)
		return XDP_ABORTED;
	proto = eth->h_proto;
	if (proto == bpf_htons(ETH_P_8021Q) && (void *)(tag + 1) <= data_end)
		proto = tag->encapsulated;
	return proto == bpf_htons(ETH_P_ARP) ? XDP_DROP : XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
