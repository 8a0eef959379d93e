// SPDX-License-Identifier: GPL-2.0-only
// Keeps hold of a task that moves to a cgroup. The hook's first argument is the
// cgroup, and the cast hides it from the compiler only.
#include <stdbool.h>
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct cgroup;

struct task_struct {
	int pid;
} __attribute__((preserve_access_index));

extern struct task_struct *bpf_task_acquire(struct task_struct *p) __ksym;
extern void bpf_task_release(struct task_struct *p) __ksym;

SEC("tp_btf/cgroup_attach_task")
int BPF_PROG(bad, struct cgroup *to, const char *path, struct task_struct *task, bool all)
{
	struct task_struct *kept = bpf_task_acquire((void *)to); // want call-type/struct-mismatch "expected pointer to STRUCT task_struct but R1 has a pointer to STRUCT cgroup"

	if (kept)
		bpf_task_release(kept);
	return 0;
}

SEC("tp_btf/cgroup_attach_task")
int BPF_PROG(fixed, struct cgroup *to, const char *path, struct task_struct *task, bool all)
{
	struct task_struct *kept = bpf_task_acquire(task);

	if (kept)
		bpf_task_release(kept);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
