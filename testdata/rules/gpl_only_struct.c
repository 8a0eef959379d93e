// SPDX-License-Identifier: GPL-2.0-only
// A program of another license cannot read the kernel's structures.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct task_struct {
	int tgid;
} __attribute__((preserve_access_index));

int last;

SEC("tp_btf/sched_process_exit")
int BPF_PROG(bad, struct task_struct *task)
{
	last = task->tgid; // want policy/gpl-only-struct "Cannot access kernel 'struct task_struct' from non-GPL compatible program"
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(fixed, struct task_struct *task)
{
	last = bpf_get_current_pid_tgid() >> 32;
	return 0;
}

char LICENSE[] SEC("license") = "Proprietary";
