// SPDX-License-Identifier: GPL-2.0-only
// Keeps hold of a task's parent. Of the two pointers to it, only `real_parent` is
// one that RCU protects.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct task_struct {
	struct task_struct *parent, *real_parent;
} __attribute__((preserve_access_index));

extern struct task_struct *bpf_task_acquire(struct task_struct *p) __ksym;
extern void bpf_task_release(struct task_struct *p) __ksym;

SEC("tp_btf/task_newtask")
int BPF_PROG(bad, struct task_struct *task, unsigned long flags)
{
	struct task_struct *parent = bpf_task_acquire(task->parent); // want call-type/rcu-argument "R1 must be a rcu pointer"

	if (parent)
		bpf_task_release(parent);
	return 0;
}

SEC("tp_btf/task_newtask")
int BPF_PROG(fixed, struct task_struct *task, unsigned long flags)
{
	struct task_struct *parent = bpf_task_acquire(task->real_parent);

	if (parent)
		bpf_task_release(parent);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
