// SPDX-License-Identifier: GPL-2.0-only
// Follows the pointer that a function returned.
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

SEC("kretprobe/alloc_pid")
int BPF_KRETPROBE(bad, struct task_struct *p)
{
	if (p->tgid > 1) // rejected register-type/scalar-dereference; change
		seen++;
	return 0;
}

SEC("kretprobe/alloc_pid")
int BPF_KRETPROBE(fixed, struct task_struct *p)
{
	if (BPF_CORE_READ(p, tgid) > 1)
		seen++;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
