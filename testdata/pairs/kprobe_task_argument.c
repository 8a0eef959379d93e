// SPDX-License-Identifier: GPL-2.0-only
// Reads a member of a kernel pointer that a kprobe got.
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

SEC("kprobe/wake_up_new_task")
int BPF_KPROBE(bad, struct task_struct *p)
{
	int pid = p->pid; // rejected register-type/scalar-dereference; change

	if (pid == 1)
		bpf_printk("init");
	return 0;
}

SEC("kprobe/wake_up_new_task")
int BPF_KPROBE(fixed, struct task_struct *p)
{
	int pid = BPF_CORE_READ(p, pid);

	if (pid == 1)
		bpf_printk("init");
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
