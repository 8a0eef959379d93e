// SPDX-License-Identifier: GPL-2.0-only
// An argument of this tracepoint may be NULL.
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

int seen;

SEC("tp_btf/sched_pi_setprio")
int BPF_PROG(bad, struct task_struct *p, struct task_struct *donor)
{
	seen = donor->pid; // rejected register-type/nullable-dereference; change
	return 0;
}

SEC("tp_btf/sched_pi_setprio")
int BPF_PROG(fixed, struct task_struct *p, struct task_struct *donor)
{
	if (donor)
		seen = donor->pid;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
