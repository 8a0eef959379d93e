// SPDX-License-Identifier: GPL-2.0-only
// An early return leaves interrupts off.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern void bpf_local_irq_save(unsigned long *flags) __ksym;
extern void bpf_local_irq_restore(unsigned long *flags) __ksym;

__u64 packets, bytes;

SEC("tc")
int bad(struct __sk_buff *skb)
{
	unsigned long flags;

	bpf_local_irq_save(&flags); // note "`flags` is saved here"
	packets++;
	if (skb->len == 0)
		return 0; // want execution-context/irq-disabled-at-exit "BPF_EXIT instruction in main prog cannot be used inside bpf_local_irq_save-ed region"
	bytes += skb->len;
	bpf_local_irq_restore(&flags);
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	unsigned long flags;

	bpf_local_irq_save(&flags);
	packets++;
	if (skb->len != 0)
		bytes += skb->len;
	bpf_local_irq_restore(&flags);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
