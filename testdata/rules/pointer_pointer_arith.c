// SPDX-License-Identifier: GPL-2.0-only
// Looks at the middle of packets. The sum of two addresses is none.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int bad(struct xdp_md *ctx)
{
	unsigned long data = ctx->data, end = ctx->data_end;
	__u8 *middle = (void *)((data + end) / 2); // want register-type/pointer-pointer-arith "pointer += pointer prohibited"

	return *middle ? XDP_PASS : XDP_DROP;
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	__u8 *middle = data + ((__u64)(end - data) / 2 & 0xfff);

	if ((void *)(middle + 1) > end)
		return XDP_PASS;
	return *middle ? XDP_PASS : XDP_DROP;
}

char LICENSE[] SEC("license") = "GPL";
