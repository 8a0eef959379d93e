// SPDX-License-Identifier: GPL-2.0-only
// Follows an argument of a raw tracepoint.
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

int seen;

SEC("raw_tp/sched_process_exit")
int bad(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *p = (void *)ctx->args[0];

	seen = p->pid; // rejected register-type/scalar-dereference; change
	return 0;
}

SEC("raw_tp/sched_process_exit")
int fixed(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *p = (void *)ctx->args[0];

	seen = BPF_CORE_READ(p, pid);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
