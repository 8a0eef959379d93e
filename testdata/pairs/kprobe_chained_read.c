// SPDX-License-Identifier: GPL-2.0-only
// The first pointer is read by a helper, the next one directly.
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

SEC("kprobe/do_exit")
int bad(struct pt_regs *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct task_struct *parent = BPF_CORE_READ(task, real_parent);

	if (parent->tgid == 1) // rejected register-type/scalar-dereference; change
		bpf_printk("child of init exits");
	return 0;
}

SEC("kprobe/do_exit")
int fixed(struct pt_regs *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct task_struct *parent = BPF_CORE_READ(task, real_parent);

	if (BPF_CORE_READ(parent, tgid) == 1)
		bpf_printk("child of init exits");
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
