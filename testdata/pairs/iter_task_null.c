// SPDX-License-Identifier: GPL-2.0-only
// The last round of a task iterator has no task.
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

struct bpf_iter__task {
	void *meta;
	struct task_struct *task;
} __attribute__((preserve_access_index));

__u64 seen;

SEC("iter/task")
int bad(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;

	if (task->pid == 1) // rejected register-type/nullable-dereference; change
		seen++;
	return 0;
}

SEC("iter/task")
int fixed(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;

	if (task && task->pid == 1)
		seen++;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
