// SPDX-License-Identifier: GPL-2.0-only
// A packed struct puts the saved state at a place that is not aligned to 8 bytes.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern void bpf_local_irq_save(unsigned long *flags) __ksym;
extern void bpf_local_irq_restore(unsigned long *flags) __ksym;

__u64 packets;

SEC("tc")
int bad(struct __sk_buff *skb)
{
	struct {
		__u32 mark;
		__u64 flags;
	} __attribute__((packed, aligned(8))) saved = { .mark = skb->mark };
	unsigned long *flags = (void *)&saved + sizeof(saved.mark);

	bpf_local_irq_save(flags); // want resource-lifetime/irq-flag-slot-invalid "cannot pass in irq_flag at an offset="
	packets += saved.mark;
	bpf_local_irq_restore(flags);
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	unsigned long flags;

	bpf_local_irq_save(&flags);
	packets += skb->mark;
	bpf_local_irq_restore(&flags);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
