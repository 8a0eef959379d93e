// SPDX-License-Identifier: GPL-2.0-only
// Acquires a task that was reached through another.
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

extern struct task_struct *bpf_task_acquire(struct task_struct *p) __ksym;
extern void bpf_task_release(struct task_struct *p) __ksym;

int seen;

SEC("tp_btf/sched_process_exit")
int BPF_PROG(bad, struct task_struct *p)
{
	struct task_struct *task = bpf_task_acquire((void *)bpf_get_current_task()); // rejected call-type/wrong-argument-kind; change

	if (!task)
		return 0;
	seen = task->pid;
	bpf_task_release(task);
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(fixed, struct task_struct *p)
{
	struct task_struct *task = bpf_task_acquire(bpf_get_current_task_btf());

	if (!task)
		return 0;
	seen = task->pid;
	bpf_task_release(task);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
