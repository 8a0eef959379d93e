// SPDX-License-Identifier: GPL-2.0-only
// Passes packet data to a helper that does not take it.
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
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__type(key, __u32);
	__type(value, __u32);
} samples SEC(".maps");

SEC("xdp")
int bad(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	if (data + 64 > data_end)
		return XDP_PASS;
	bpf_perf_event_output(ctx, &samples, BPF_F_CURRENT_CPU, data, 64); // rejected call-type/packet-argument; change
	return XDP_PASS;
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	__u32 zero = 0;

	if (data + 64 > data_end)
		return XDP_PASS;
	bpf_perf_event_output(ctx, &samples, BPF_F_CURRENT_CPU | 64ull << 32, &zero, 4);
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
