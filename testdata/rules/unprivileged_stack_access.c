// SPDX-License-Identifier: GPL-2.0-only
// bpf-lsp: --unprivileged
// A loader without capabilities can only load programs that use local memory
// at offsets which are known before they run.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("socket")
int bad(struct __sk_buff *skb)
{
	volatile __u32 limits[4] = {64, 256, 512, 1500};

	return skb->len > limits[skb->priority & 3]; // want policy/unprivileged-stack-access "variable stack access prohibited for !root"
}

SEC("socket")
int fixed(struct __sk_buff *skb)
{
	switch (skb->priority & 3) {
	case 0:
		return skb->len > 64;
	case 1:
		return skb->len > 256;
	case 2:
		return skb->len > 512;
	}
	return skb->len > 1500;
}

char LICENSE[] SEC("license") = "GPL";
