// SPDX-License-Identifier: GPL-2.0-only
// Leaves a read-side section by an early return.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

struct mm_struct {
	unsigned long total_vm;
} __attribute__((preserve_access_index));

struct task_struct {
	int pid, tgid;
	struct task_struct *real_parent, *group_leader;
	struct mm_struct *mm;
	char comm[16];
} __attribute__((preserve_access_index));

extern void bpf_rcu_read_lock(void) __ksym;
extern void bpf_rcu_read_unlock(void) __ksym;

int seen;

SEC("tp_btf/sched_process_exit")
int BPF_PROG(bad, struct task_struct *p)
{
	struct task_struct *parent;

	bpf_rcu_read_lock();
	parent = p->real_parent;
	if (parent->pid == 1)
		return 0; // rejected execution-context/rcu-held-at-exit; change
	seen = parent->pid;
	bpf_rcu_read_unlock();
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(fixed, struct task_struct *p)
{
	struct task_struct *parent;

	bpf_rcu_read_lock();
	parent = p->real_parent;
	if (parent->pid == 1) {
		bpf_rcu_read_unlock();
		return 0;
	}
	seen = parent->pid;
	bpf_rcu_read_unlock();
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
