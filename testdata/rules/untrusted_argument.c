// SPDX-License-Identifier: GPL-2.0-only
// Wakes the leader of a task by a signal. It is reached by following a pointer, and
// so it may end at any time, unless it is acquired first.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

enum pid_type {
	PIDTYPE_PID,
};

struct task_struct {
	struct task_struct *group_leader;
} __attribute__((preserve_access_index));

extern int bpf_send_signal_task(struct task_struct *task, int sig, enum pid_type type, __u64 value) __ksym;
extern struct task_struct *bpf_task_acquire(struct task_struct *p) __ksym;
extern void bpf_task_release(struct task_struct *p) __ksym;

SEC("tp_btf/task_newtask")
int BPF_PROG(bad, struct task_struct *task, unsigned long flags)
{
	bpf_send_signal_task(task->group_leader, 10, PIDTYPE_PID, 0); // want call-type/untrusted-argument "R1 must be referenced or trusted"
	return 0;
}

SEC("tp_btf/task_newtask")
int BPF_PROG(fixed, struct task_struct *task, unsigned long flags)
{
	struct task_struct *leader = bpf_task_acquire(task->group_leader);

	if (!leader)
		return 0;
	bpf_send_signal_task(leader, 10, PIDTYPE_PID, 0);
	bpf_task_release(leader);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
