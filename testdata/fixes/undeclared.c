// SPDX-License-Identifier: GPL-2.0-only
// Functions of the kernel that are declared as if another object had them.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern void bpf_rcu_read_lock(void);
extern void bpf_rcu_read_unlock(void);
extern void bpf_preempt_disable(void);
extern void bpf_preempt_enable(void);
extern void bpf_local_irq_save(unsigned long *flags);
extern void bpf_local_irq_restore(unsigned long *flags) __ksym;

SEC("tc")
int reading(struct __sk_buff *skb)
{
	bpf_rcu_read_lock(); // fix declaration
	bpf_rcu_read_unlock(); // fix declaration
	return 0;
}

SEC("tc")
int not_preempted(struct __sk_buff *skb)
{
	bpf_preempt_disable(); // fix declaration
	bpf_preempt_enable(); // fix declaration
	return 0;
}

SEC("tc")
int interrupts_off(struct __sk_buff *skb)
{
	unsigned long flags;

	bpf_local_irq_save(&flags); // fix declaration
	bpf_local_irq_restore(&flags);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
