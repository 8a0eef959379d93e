// SPDX-License-Identifier: GPL-2.0-only
// Accepted: drops TCP packets to a configured port, counts the others.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 5);
	__type(key, __u32);
	__type(value, __u64);
} verdicts SEC(".maps");

const volatile __u16 blocked_port = 23;

static __noinline int count(__u32 verdict)
{
	__u64 *n = bpf_map_lookup_elem(&verdicts, &verdict);

	if (n)
		(*n)++;
	return verdict;
}

SEC("xdp")
int port_filter(struct xdp_md *ctx)
{
	void *end = (void *)(long)ctx->data_end;
	void *data = (void *)(long)ctx->data;
	struct ethhdr *eth = data;
	struct iphdr *ip = (void *)(eth + 1);
	struct tcphdr *tcp;

	if ((void *)(ip + 1) > end || eth->h_proto != bpf_htons(ETH_P_IP))
		return count(XDP_PASS);
	if (ip->protocol != 6 || ip->ihl < 5)
		return count(XDP_PASS);
	tcp = (void *)ip + ip->ihl * 4;
	if ((void *)(tcp + 1) > end)
		return count(XDP_ABORTED);
	return count(tcp->dest == bpf_htons(blocked_port) ? XDP_DROP : XDP_PASS);
}

char LICENSE[] SEC("license") = "GPL";
