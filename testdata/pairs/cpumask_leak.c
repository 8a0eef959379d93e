// SPDX-License-Identifier: GPL-2.0-only
// A mask of CPUs that was made is not released.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

struct task_struct;

struct bpf_cpumask {
};

extern struct bpf_cpumask *bpf_cpumask_create(void) __ksym;
extern void bpf_cpumask_release(struct bpf_cpumask *mask) __ksym;
extern void bpf_cpumask_set_cpu(__u32 cpu, struct bpf_cpumask *mask) __ksym;

__u64 seen;

SEC("tp_btf/sched_process_exit")
int BPF_PROG(bad, struct task_struct *p)
{
	struct bpf_cpumask *mask = bpf_cpumask_create();

	if (!mask)
		return 0;
	bpf_cpumask_set_cpu(1, mask);
	if (seen++)
		return 0; // rejected resource-lifetime/unreleased-reference; change
	bpf_cpumask_release(mask);
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(fixed, struct task_struct *p)
{
	struct bpf_cpumask *mask = bpf_cpumask_create();

	if (!mask)
		return 0;
	bpf_cpumask_set_cpu(1, mask);
	if (seen++)
		bpf_cpumask_set_cpu(2, mask);
	bpf_cpumask_release(mask);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
