// SPDX-License-Identifier: GPL-2.0-only
// bpf-lsp: --unprivileged
// A loader without capabilities cannot load a program that calls kernel
// functions; some helpers it can call.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern int bpf_dynptr_from_skb(struct __sk_buff *skb, __u64 flags, struct bpf_dynptr *ptr) __ksym;
extern void *bpf_dynptr_slice(const struct bpf_dynptr *ptr, __u32 off, void *buffer, __u32 size) __ksym;

SEC("socket")
int bad(struct __sk_buff *skb)
{
	struct bpf_dynptr packet;
	__u8 buffer[1], *first;

	bpf_dynptr_from_skb(skb, 0, &packet); // want policy/kfunc-capability "loading/calling other bpf or kernel functions are allowed for CAP_BPF and CAP_SYS_ADMIN"
	first = bpf_dynptr_slice(&packet, 0, buffer, sizeof(buffer));
	return first ? *first : 0;
}

SEC("socket")
int fixed(struct __sk_buff *skb)
{
	__u8 first = 0;

	bpf_skb_load_bytes(skb, 0, &first, sizeof(first));
	return first;
}

char LICENSE[] SEC("license") = "GPL";
