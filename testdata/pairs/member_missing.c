// SPDX-License-Identifier: GPL-2.0-only
// A member that the target kernel has not, under this name.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

struct task_struct___old {
	long state;
	unsigned int __state;
} __attribute__((preserve_access_index));

long state;

SEC("kprobe/do_exit")
int bad(struct pt_regs *ctx)
{
	struct task_struct___old *task = (void *)bpf_get_current_task();

	state = BPF_CORE_READ(task, state); // rejected loader/unresolved-relocation; change
	return 0;
}

SEC("kprobe/do_exit")
int fixed(struct pt_regs *ctx)
{
	struct task_struct___old *task = (void *)bpf_get_current_task();

	state = BPF_CORE_READ(task, __state);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
