// SPDX-License-Identifier: GPL-2.0-only
// Two calls of which the compiler makes one. The instruction has no line then; the path tells which call it is.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct task_struct {
	int pid;
} __attribute__((preserve_access_index));

extern struct task_struct *bpf_task_from_pid(int pid) __ksym;
extern void bpf_task_release(struct task_struct *p) __ksym;

__u64 seen, lost;

SEC("tp_btf/sched_switch")
int BPF_PROG(released_in_the_branch, _Bool preempt, struct task_struct *prev)
{
	struct task_struct *first = bpf_task_from_pid(1), *other;

	if (!first)
		return 0;
	other = bpf_task_from_pid(2);
	if (!other) {
		bpf_task_release(first); // note "bpf_task_release() ends its life"
		goto report;
	}
	__sync_fetch_and_add(&seen, other->pid);
	bpf_task_release(other);
report:
	lost = first->pid; // want register-type/scalar-dereference "after bpf_task_release() at line 25" never "line 28"
	bpf_task_release(first);
	return 0;
}

SEC("tp_btf/sched_switch")
int BPF_PROG(released_behind_it, _Bool preempt, struct task_struct *prev)
{
	struct task_struct *first = bpf_task_from_pid(1), *other;

	if (!first)
		return 0;
	other = bpf_task_from_pid(2);
	if (!other) {
		bpf_task_release(first);
		goto report;
	}
	__sync_fetch_and_add(&seen, other->pid);
	bpf_task_release(other); // note "bpf_task_release() ends its life"
	lost = 0;
	if (preempt)
		lost = other->pid; // want register-type/scalar-dereference "after bpf_task_release() at line 49"
	bpf_task_release(first);
	return 0;
report:
	lost = 1;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
