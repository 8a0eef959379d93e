// SPDX-License-Identifier: GPL-2.0-only
// Addresses that went through variables of a number's type.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("tc")
int aligned_by_hand(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	__u64 at = (__u64)data;

	if (data + 16 > end)
		return 0;
	asm volatile("%[at] &= -8" : [at] "+r"(at)); // want register-type/pointer-bitwise "`at` has the type `__u64` in C, but it holds an address"
	return *(char *)at;
}

SEC("xdp")
int shifted(struct xdp_md *ctx)
{
	unsigned long page = (unsigned long)(void *)(long)ctx->data;

	asm volatile("%[page] >>= 12" : [page] "+r"(page)); // want register-type/pointer-arith-operator "`page` has the type `unsigned long` in C, but it holds an address"
	return page & 1;
}

char LICENSE[] SEC("license") = "GPL";
