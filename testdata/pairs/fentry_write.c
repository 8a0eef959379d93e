// SPDX-License-Identifier: GPL-2.0-only
// Sets a member of a kernel object in fentry.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

struct sk_buff {
	unsigned int len, mark;
} __attribute__((preserve_access_index));

__u32 seen;

SEC("fentry/__dev_queue_xmit")
int BPF_PROG(bad, struct sk_buff *skb)
{
	if (skb->len > 1500)
		skb->mark = 7; // rejected memory/btf-write; change
	return 0;
}

SEC("fentry/__dev_queue_xmit")
int BPF_PROG(fixed, struct sk_buff *skb)
{
	if (skb->len > 1500)
		seen = skb->mark;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
