// SPDX-License-Identifier: GPL-2.0-only
// Where the kernel frees a task it cannot wait for a program.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

__u64 tasks;

SEC("lsm.s/task_free")
int BPF_PROG(bad, void *task) // want policy/sleepable-program "bpf_lsm_task_free is not sleepable"
{
	tasks++;
	return 0;
}

SEC("lsm/task_free")
int BPF_PROG(fixed, void *task)
{
	tasks++;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
