// SPDX-License-Identifier: GPL-2.0-only
// Looks a task up and gives it back. There may be no task of that number.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct task_struct {
	int pid;
} __attribute__((preserve_access_index));

extern struct task_struct *bpf_task_from_pid(__s32 pid) __ksym;
extern void bpf_task_release(struct task_struct *p) __ksym;

SEC("tp_btf/sched_wakeup")
int bad(void *ctx)
{
	struct task_struct *task = bpf_task_from_pid(1);

	bpf_task_release(task); // want call-type/nullable-argument "Possibly NULL pointer passed to trusted arg0"
	return 0;
}

SEC("tp_btf/sched_wakeup")
int fixed(void *ctx)
{
	struct task_struct *task = bpf_task_from_pid(1);

	if (task)
		bpf_task_release(task);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
