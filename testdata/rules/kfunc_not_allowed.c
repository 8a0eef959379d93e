// SPDX-License-Identifier: GPL-2.0-only
// Each kernel function is for certain program types.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern int bpf_dynptr_from_skb(struct __sk_buff *skb, __u64 flags, struct bpf_dynptr *ptr) __ksym;
extern int bpf_dynptr_from_xdp(struct xdp_md *xdp, __u64 flags, struct bpf_dynptr *ptr) __ksym;
extern void *bpf_dynptr_slice(const struct bpf_dynptr *ptr, __u32 off, void *buffer, __u32 buffer__szk) __ksym;

SEC("xdp")
int bad(struct xdp_md *ctx)
{
	__u8 buffer[6], *mac;
	struct bpf_dynptr ptr;

	bpf_dynptr_from_skb((void *)ctx, 0, &ptr); // want policy/kfunc-not-allowed "calling kernel function bpf_dynptr_from_skb is not allowed"
	mac = bpf_dynptr_slice(&ptr, 0, buffer, sizeof(buffer));
	return mac && mac[0] & 1 ? XDP_DROP : XDP_PASS;
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	__u8 buffer[6], *mac;
	struct bpf_dynptr ptr;

	bpf_dynptr_from_xdp(ctx, 0, &ptr);
	mac = bpf_dynptr_slice(&ptr, 0, buffer, sizeof(buffer));
	return mac && mac[0] & 1 ? XDP_DROP : XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
