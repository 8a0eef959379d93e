// SPDX-License-Identifier: GPL-2.0-only
// Tells how many bytes packets lack. Where the packet starts is an address; what
// counts is its length.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int bad(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	long missing = 64 - (long)data; // want register-type/scalar-minus-pointer "tried to subtract pointer from scalar"

	bpf_printk("%ld bytes missing", missing);
	return XDP_PASS;
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	long missing = 64 - (end - data);

	bpf_printk("%ld bytes missing", missing);
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
