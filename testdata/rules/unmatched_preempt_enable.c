// SPDX-License-Identifier: GPL-2.0-only
// Preemption is enabled once more than it was disabled.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern void bpf_preempt_disable(void) __ksym;
extern void bpf_preempt_enable(void) __ksym;

__u64 packets, marked;

SEC("tc")
int bad(struct __sk_buff *skb)
{
	bpf_preempt_disable();
	packets++;
	if (skb->mark) {
		marked++;
		bpf_preempt_enable();
	}
	bpf_preempt_enable(); // want execution-context/unmatched-preempt-enable "unmatched attempt to enable preemption (kernel function bpf_preempt_enable)"
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	bpf_preempt_disable();
	packets++;
	if (skb->mark)
		marked++;
	bpf_preempt_enable();
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
