// SPDX-License-Identifier: GPL-2.0-only
// Switches interrupts off for a moment. The state to go back to must be in a local
// variable, where no one else can change it.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern void bpf_local_irq_save(unsigned long *flags) __ksym;
extern void bpf_local_irq_restore(unsigned long *flags) __ksym;

unsigned long shared;
__u64 count;

SEC("tc")
int bad(struct __sk_buff *skb)
{
	bpf_local_irq_save(&shared); // want call-type/irq-flag-argument "arg#0 doesn't point to an irq flag on stack"
	count++;
	bpf_local_irq_restore(&shared);
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	unsigned long flags;

	bpf_local_irq_save(&flags);
	count++;
	bpf_local_irq_restore(&flags);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
