// SPDX-License-Identifier: GPL-2.0-only
// The state is saved for some packets and restored for all.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern void bpf_local_irq_save(unsigned long *flags) __ksym;
extern void bpf_local_irq_restore(unsigned long *flags) __ksym;

__u64 packets;

SEC("tc")
int bad(struct __sk_buff *skb)
{
	unsigned long flags;

	if (skb->len > 0)
		bpf_local_irq_save(&flags);
	packets++;
	bpf_local_irq_restore(&flags); // want resource-lifetime/uninitialized-irq-flag "expected an initialized irq flag as"
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	unsigned long flags;

	if (skb->len == 0)
		return 0;
	bpf_local_irq_save(&flags);
	packets++;
	bpf_local_irq_restore(&flags);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
