// SPDX-License-Identifier: GPL-2.0-only
// Reads the start of a dynptr. What is passed as the buffer is an object of the
// kernel, and this parameter is for plain memory.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct task_struct {
	int pid;
} __attribute__((preserve_access_index));

extern void *bpf_dynptr_slice(const struct bpf_dynptr *p, __u64 off, void *buf, __u64 size) __ksym;

char data[16];

SEC("tp_btf/task_newtask")
int BPF_PROG(bad, struct task_struct *task, unsigned long flags)
{
	struct bpf_dynptr d;
	char *start;

	bpf_dynptr_from_mem(data, sizeof(data), 0, &d);
	start = bpf_dynptr_slice(&d, 0, task, 8); // want call-type/kfunc-signature "kernel function bpf_dynptr_slice args#2 pointer type"
	return start ? start[0] : 0;
}

SEC("tp_btf/task_newtask")
int BPF_PROG(fixed, struct task_struct *task, unsigned long flags)
{
	struct bpf_dynptr d;
	char buf[8], *start;

	bpf_dynptr_from_mem(data, sizeof(data), 0, &d);
	start = bpf_dynptr_slice(&d, 0, buf, sizeof(buf));
	return start ? start[0] : 0;
}

char LICENSE[] SEC("license") = "GPL";
