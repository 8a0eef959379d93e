// SPDX-License-Identifier: GPL-2.0-only
// The lock is given the state that bpf_local_irq_save() saved, in place of its
// own.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct bpf_res_spin_lock {
	__u32 val;
} __attribute__((aligned(4)));

extern int bpf_res_spin_lock_irqsave(struct bpf_res_spin_lock *lock, unsigned long *flags) __ksym;
extern void bpf_res_spin_unlock_irqrestore(struct bpf_res_spin_lock *lock, unsigned long *flags) __ksym;
extern void bpf_local_irq_save(unsigned long *flags) __ksym;
extern void bpf_local_irq_restore(unsigned long *flags) __ksym;

struct bpf_res_spin_lock lock SEC(".data.lock");
__u64 packets;

SEC("tc")
int bad(struct __sk_buff *skb)
{
	unsigned long irqs, locked;

	bpf_local_irq_save(&irqs);
	if (!bpf_res_spin_lock_irqsave(&lock, &locked)) {
		packets++;
		bpf_res_spin_unlock_irqrestore(&lock, &irqs); // want resource-lifetime/irq-flag-family-mismatch "irq flag acquired by native kfuncs cannot be restored with lock kfuncs"
	}
	bpf_local_irq_restore(&irqs);
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	unsigned long irqs, locked;

	bpf_local_irq_save(&irqs);
	if (!bpf_res_spin_lock_irqsave(&lock, &locked)) {
		packets++;
		bpf_res_spin_unlock_irqrestore(&lock, &locked);
	}
	bpf_local_irq_restore(&irqs);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
