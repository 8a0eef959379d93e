// SPDX-License-Identifier: GPL-2.0-only
// A member has another name in the target kernel.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

struct task_struct___old {
	long state;
} __attribute__((preserve_access_index));
struct task_struct {
	unsigned int __state;
} __attribute__((preserve_access_index));

long state;

SEC("tp_btf/sched_process_exit")
int BPF_PROG(bad, struct task_struct___old *task)
{
	state = task->state; // want loader/unresolved-relocation "invalid func unknown#195896080"
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(fixed, struct task_struct *task)
{
	struct task_struct___old *old = (void *)task;

	state = bpf_core_field_exists(old->state) ? old->state : task->__state;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
