// SPDX-License-Identifier: GPL-2.0-only
// Pointers of the kernel that the program has the numbers of only, passed to functions that take objects.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct cpumask {
	unsigned long bits[1];
};
struct task_struct {
	int pid;
	const struct cpumask *cpus_ptr;
	struct task_struct *group_leader;
};
#pragma clang attribute pop

_Bool bpf_cpumask_test_cpu(unsigned int cpu, const struct cpumask *mask) __ksym;
struct task_struct *bpf_task_acquire(struct task_struct *p) __ksym;
void bpf_task_release(struct task_struct *p) __ksym;

SEC("tp_btf/sched_wakeup")
int mask_of_current(unsigned long long *ctx)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	const struct cpumask *allowed = BPF_CORE_READ(task, cpus_ptr); // note "`allowed` is copied here by BPF_CORE_READ(), as a number"

	if (bpf_cpumask_test_cpu(1, allowed)) // want call-type/not-memory "must be a pointer that the verifier follows, but it was copied by BPF_CORE_READ() in line 26" help "Read the member directly: `task->cpus_ptr`, from what bpf_get_current_task_btf() returns, in place of the call in line 25." never "Pass the address of local memory"
		return 1;
	return 0;
}

SEC("tp_btf/sched_wakeup")
int mask_of_argument(unsigned long long *ctx)
{
	struct task_struct *task = (struct task_struct *)ctx[0];
	const struct cpumask *mask;

	bpf_probe_read_kernel(&mask, sizeof(mask), &task->cpus_ptr); // note "`mask` is copied here by bpf_probe_read_kernel(), as a number"
	return bpf_cpumask_test_cpu(2, mask); // want call-type/not-memory "it was copied by bpf_probe_read_kernel() in line 39" help "Read the member directly: `mask = task->cpus_ptr;`." never "from what"
}

SEC("tp_btf/sched_wakeup")
int leader(unsigned long long *ctx)
{
	struct task_struct *task = (struct task_struct *)ctx[0], *kept;
	struct task_struct *first = BPF_CORE_READ(task, group_leader);

	kept = bpf_task_acquire(first); // want call-type/wrong-argument-kind "must be a pointer that the verifier follows, but it was copied by BPF_CORE_READ() in line 47" help "`task->group_leader`"
	if (kept)
		bpf_task_release(kept);
	return 0;
}

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, __u64);
} stored SEC(".maps");

SEC("tp_btf/sched_wakeup")
int storage_of_number(unsigned long long *ctx)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();

	return bpf_task_storage_get(&stored, task, 0, 0) != 0; // want call-type/wrong-argument-kind "bpf_get_current_task() returns only a number" help "bpf_get_current_task_btf()"
}

SEC("tp_btf/sched_wakeup")
int followed(unsigned long long *ctx)
{
	struct task_struct *task = bpf_get_current_task_btf();
	const struct cpumask *allowed = task->cpus_ptr;

	return bpf_cpumask_test_cpu(1, allowed);
}

char LICENSE[] SEC("license") = "GPL";
