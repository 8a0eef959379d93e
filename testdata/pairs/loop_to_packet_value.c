// SPDX-License-Identifier: GPL-2.0-only
// A loop whose end the packet gives.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int bad(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	__u32 *count = data;
	__u64 all = 0;

	if ((void *)(count + 1) > data_end)
		return XDP_PASS;
	__u32 n = *count;

	for (__u32 i = 0; i < n; i++) // rejected verifier-limit/instructions; change
		all += bpf_get_prandom_u32();
	return all > 5 ? XDP_DROP : XDP_PASS;
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	__u32 *count = data;
	__u64 all = 0;

	if ((void *)(count + 1) > data_end)
		return XDP_PASS;
	__u32 n = *count;

	for (__u32 i = 0; i < n && i < 32; i++)
		all += bpf_get_prandom_u32();
	return all > 5 ? XDP_DROP : XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
