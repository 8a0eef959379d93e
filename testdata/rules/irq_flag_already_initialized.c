// SPDX-License-Identifier: GPL-2.0-only
// The second save would lose the state that the first one saved.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern void bpf_local_irq_save(unsigned long *flags) __ksym;
extern void bpf_local_irq_restore(unsigned long *flags) __ksym;

__u64 packets;

SEC("tc")
int bad(struct __sk_buff *skb)
{
	unsigned long flags;

	bpf_local_irq_save(&flags);
	bpf_local_irq_save(&flags); // want resource-lifetime/irq-flag-already-initialized "expected uninitialized irq flag as"
	packets++;
	bpf_local_irq_restore(&flags);
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	unsigned long flags, inner;

	bpf_local_irq_save(&flags);
	bpf_local_irq_save(&inner);
	packets++;
	bpf_local_irq_restore(&inner);
	bpf_local_irq_restore(&flags);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
