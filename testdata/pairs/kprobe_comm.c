// SPDX-License-Identifier: GPL-2.0-only
// Compares a kernel string directly.
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

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__type(key, __u32);
	__type(value, __u32);
} values SEC(".maps");

SEC("kprobe/do_exit")
int bad(struct pt_regs *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	char comm[16];

	__builtin_memcpy(comm, task->comm, sizeof(comm)); // rejected register-type/scalar-dereference; change
	bpf_perf_event_output(ctx, &values, BPF_F_CURRENT_CPU, comm, sizeof(comm));
	return 0;
}

SEC("kprobe/do_exit")
int fixed(struct pt_regs *ctx)
{
	char comm[16];

	bpf_get_current_comm(comm, sizeof(comm));
	bpf_perf_event_output(ctx, &values, BPF_F_CURRENT_CPU, comm, sizeof(comm));
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
