// SPDX-License-Identifier: GPL-2.0-only
// The lock is taken on one path only, the unlock is on both.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct task_struct {
	int tgid;
	struct task_struct *real_parent;
} __attribute__((preserve_access_index));

extern void bpf_rcu_read_lock(void) __ksym;
extern void bpf_rcu_read_unlock(void) __ksym;

int wanted, parent;

SEC("tp_btf/task_newtask")
int BPF_PROG(bad, struct task_struct *task, __u64 clone_flags)
{
	if (task->tgid == wanted) {
		bpf_rcu_read_lock();
		parent = task->real_parent->tgid;
	}
	bpf_rcu_read_unlock(); // want execution-context/unmatched-rcu-unlock "unmatched rcu read unlock (kernel function bpf_rcu_read_unlock)"
	return 0;
}

SEC("tp_btf/task_newtask")
int BPF_PROG(fixed, struct task_struct *task, __u64 clone_flags)
{
	if (task->tgid == wanted) {
		bpf_rcu_read_lock();
		parent = task->real_parent->tgid;
		bpf_rcu_read_unlock();
	}
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
