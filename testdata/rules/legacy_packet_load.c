// SPDX-License-Identifier: GPL-2.0-only
// The packet loads of old socket filters work on socket buffers only, which XDP
// programs do not have.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

unsigned long long load_byte(void *skb, unsigned long long offset) asm("llvm.bpf.load.byte");

SEC("xdp")
int bad(struct xdp_md *ctx)
{
	return load_byte(ctx, 0) & 1 ? XDP_DROP : XDP_PASS; // want program-structure/legacy-packet-load "BPF_LD_[ABS|IND] instructions not allowed for this program type"
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	__u8 *data = (void *)(long)ctx->data;

	if (data + 1 > (__u8 *)(long)ctx->data_end)
		return XDP_PASS;
	return *data & 1 ? XDP_DROP : XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
