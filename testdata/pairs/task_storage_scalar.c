// SPDX-License-Identifier: GPL-2.0-only
// Keeps data for the task that bpf_get_current_task() gave.
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
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, __u64);
} counts SEC(".maps");

SEC("tp_btf/sys_enter")
int bad(void *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task(); // change
	__u64 *calls = bpf_task_storage_get(&counts, task, 0, BPF_LOCAL_STORAGE_GET_F_CREATE); // rejected call-type/wrong-argument-kind

	if (calls)
		*calls += 1;
	return 0;
}

SEC("tp_btf/sys_enter")
int fixed(void *ctx)
{
	struct task_struct *task = bpf_get_current_task_btf();
	__u64 *calls = bpf_task_storage_get(&counts, task, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);

	if (calls)
		*calls += 1;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
