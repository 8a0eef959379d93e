// SPDX-License-Identifier: GPL-2.0-only
// Interrupts are turned off twice, and the first state is restored first.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern void bpf_local_irq_save(unsigned long *flags) __ksym;
extern void bpf_local_irq_restore(unsigned long *flags) __ksym;

__u64 packets, bytes;

SEC("tc")
int bad(struct __sk_buff *skb)
{
	unsigned long outer, inner;

	bpf_local_irq_save(&outer);
	packets++;
	bpf_local_irq_save(&inner);
	bytes += skb->len;
	bpf_local_irq_restore(&outer); // want resource-lifetime/irq-restore-out-of-order "cannot restore irq state out of order"
	bpf_local_irq_restore(&inner);
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	unsigned long outer, inner;

	bpf_local_irq_save(&outer);
	packets++;
	bpf_local_irq_save(&inner);
	bytes += skb->len;
	bpf_local_irq_restore(&inner);
	bpf_local_irq_restore(&outer);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
