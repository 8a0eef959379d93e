// SPDX-License-Identifier: GPL-2.0-only
// An early return leaves the RCU read section open.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct task_struct {
	int tgid;
	struct task_struct *real_parent;
} __attribute__((preserve_access_index));

extern void bpf_rcu_read_lock(void) __ksym;
extern void bpf_rcu_read_unlock(void) __ksym;

int ignored, last_parent;

SEC("tp_btf/task_newtask")
int BPF_PROG(bad, struct task_struct *task, __u64 clone_flags)
{
	int parent;

	bpf_rcu_read_lock();
	parent = task->real_parent->tgid;
	if (parent == ignored)
		return 0; // want execution-context/rcu-held-at-exit "BPF_EXIT instruction in main prog cannot be used inside bpf_rcu_read_lock-ed region"
	last_parent = parent;
	bpf_rcu_read_unlock();
	return 0;
}

SEC("tp_btf/task_newtask")
int BPF_PROG(fixed, struct task_struct *task, __u64 clone_flags)
{
	int parent;

	bpf_rcu_read_lock();
	parent = task->real_parent->tgid;
	bpf_rcu_read_unlock();
	if (parent != ignored)
		last_parent = parent;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
