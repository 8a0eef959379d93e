// SPDX-License-Identifier: GPL-2.0-only
// Looks at the end of a task's name by words of four bytes. The fifth word is
// behind the name, and half of a pointer.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct task_struct {
	char comm[16] __attribute__((aligned(8)));
} __attribute__((preserve_access_index));

__u32 end;

SEC("tp_btf/task_newtask")
int BPF_PROG(bad, struct task_struct *task, unsigned long flags)
{
	__u32 *words = (__u32 *)task->comm;

	end = words[4]; // want memory/btf-access "cannot access ptr member"
	return 0;
}

SEC("tp_btf/task_newtask")
int BPF_PROG(fixed, struct task_struct *task, unsigned long flags)
{
	__u32 *words = (__u32 *)task->comm;

	end = words[3];
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
