// SPDX-License-Identifier: GPL-2.0-only
// A function without `static` is verified apart from its callers, so that its
// parameters must say all that it needs to know.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__noinline int first_byte(void *data, void *data_end) // want program-structure/global-function-signature "arg#0 reference type('UNKNOWN ') size cannot be determined"
{
	if (data + 1 > data_end)
		return -1;
	return *(__u8 *)data;
}

static __noinline int first_byte_of(void *data, void *data_end)
{
	if (data + 1 > data_end)
		return -1;
	return *(__u8 *)data;
}

SEC("xdp")
int bad(struct xdp_md *ctx)
{
	return first_byte((void *)(long)ctx->data, (void *)(long)ctx->data_end) == 1 ? XDP_DROP : XDP_PASS;
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	return first_byte_of((void *)(long)ctx->data, (void *)(long)ctx->data_end) == 1 ? XDP_DROP : XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
