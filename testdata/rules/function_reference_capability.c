// SPDX-License-Identifier: GPL-2.0-only
// bpf-lsp: --unprivileged
// A loader without capabilities cannot have the kernel call a function back.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

static int count(__u32 i, __u32 *sum)
{
	*sum += i;
	return 0;
}

SEC("socket")
int bad(struct __sk_buff *skb)
{
	__u32 sum = 0;

	bpf_loop(4, count, &sum, 0); // want policy/function-reference-capability "loading/calling other bpf or kernel functions are allowed for CAP_BPF and CAP_SYS_ADMIN"
	return skb->len > sum;
}

SEC("socket")
int fixed(struct __sk_buff *skb)
{
	__u32 sum = 0;

#pragma unroll
	for (int i = 0; i < 4; i++)
		sum += i;
	return skb->len > sum;
}

char LICENSE[] SEC("license") = "GPL";
