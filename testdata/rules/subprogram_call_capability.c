// SPDX-License-Identifier: GPL-2.0-only
// bpf-lsp: --unprivileged
// A loader without capabilities can load a program of one function only.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

static __noinline int is_large(struct __sk_buff *skb)
{
	return skb->len > 1500;
}

static __always_inline int is_small(struct __sk_buff *skb)
{
	return skb->len <= 1500;
}

SEC("socket")
int bad(struct __sk_buff *skb)
{
	return is_large(skb); // want policy/subprogram-call-capability "loading/calling other bpf or kernel functions are allowed for CAP_BPF and CAP_SYS_ADMIN"
}

SEC("socket")
int fixed(struct __sk_buff *skb)
{
	return !is_small(skb);
}

char LICENSE[] SEC("license") = "GPL";
