// SPDX-License-Identifier: GPL-2.0-only
// A function opens an RCU read section of its own, and its caller had one open.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct task_struct {
	int tgid;
	struct task_struct *real_parent, *group_leader;
} __attribute__((preserve_access_index));

extern void bpf_rcu_read_lock(void) __ksym;
extern void bpf_rcu_read_unlock(void) __ksym;

int parent, leader;

static void note_parent(struct task_struct *task)
{
	bpf_rcu_read_lock(); // want execution-context/nested-rcu-lock "nested rcu read lock (kernel function bpf_rcu_read_lock)"
	parent = task->real_parent->tgid;
	bpf_rcu_read_unlock();
}

SEC("tp_btf/task_newtask")
int BPF_PROG(bad, struct task_struct *task, __u64 clone_flags)
{
	bpf_rcu_read_lock(); // note "An RCU read section is opened here"
	note_parent(task);
	leader = task->group_leader->tgid;
	bpf_rcu_read_unlock();
	return 0;
}

SEC("tp_btf/task_newtask")
int BPF_PROG(fixed, struct task_struct *task, __u64 clone_flags)
{
	note_parent(task);
	bpf_rcu_read_lock();
	leader = task->group_leader->tgid;
	bpf_rcu_read_unlock();
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
