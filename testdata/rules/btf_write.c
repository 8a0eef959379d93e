// SPDX-License-Identifier: GPL-2.0-only
// Gives new tasks another parent's number. Programs may only read the kernel's
// objects.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct task_struct {
	int pid;
} __attribute__((preserve_access_index));

int last;

SEC("tp_btf/task_newtask")
int BPF_PROG(bad, struct task_struct *task, unsigned long flags)
{
	task->pid = last; // want memory/btf-write "only read is supported"
	return 0;
}

SEC("tp_btf/task_newtask")
int BPF_PROG(fixed, struct task_struct *task, unsigned long flags)
{
	last = task->pid;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
