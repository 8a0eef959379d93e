// SPDX-License-Identifier: GPL-2.0-only
// Destination and source are swapped.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

struct mm_struct {
	unsigned long total_vm;
};

struct task_struct {
	int pid, tgid;
	struct task_struct *real_parent, *group_leader;
	struct mm_struct *mm;
	char comm[16];
};

int seen;

SEC("kprobe/do_exit")
int bad(struct pt_regs *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	int pid = 0;

	bpf_probe_read_kernel(&task->pid, sizeof(pid), &pid); // rejected call-type/wrong-argument-kind; change
	seen = pid;
	return 0;
}

SEC("kprobe/do_exit")
int fixed(struct pt_regs *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	int pid = 0;

	bpf_probe_read_kernel(&pid, sizeof(pid), &task->pid);
	seen = pid;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
