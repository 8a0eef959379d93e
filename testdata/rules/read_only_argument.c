// SPDX-License-Identifier: GPL-2.0-only
// Notes the name of the task that runs. What the program is given of a new task are
// the kernel's own objects, which this function would write to.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct task_struct {
	char comm[16];
} __attribute__((preserve_access_index));

char name[16];

SEC("tp_btf/task_newtask")
int BPF_PROG(bad, struct task_struct *task, unsigned long flags)
{
	bpf_get_current_comm(task->comm, sizeof(task->comm)); // want call-type/read-only-argument "bpf_get_current_comm() may write into memory pointed by R1 type=trusted_ptr_"
	return 0;
}

SEC("tp_btf/task_newtask")
int BPF_PROG(fixed, struct task_struct *task, unsigned long flags)
{
	bpf_get_current_comm(name, sizeof(name));
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
