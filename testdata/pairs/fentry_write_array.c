// SPDX-License-Identifier: GPL-2.0-only
// Fills a member of a kernel object with a helper.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

struct sock;

struct mm_struct {
	unsigned long total_vm;
} __attribute__((preserve_access_index));

struct task_struct {
	int pid, tgid;
	struct task_struct *real_parent, *group_leader;
	struct mm_struct *mm;
	char comm[16];
} __attribute__((preserve_access_index));

char comm[16];

SEC("fentry/tcp_connect")
int BPF_PROG(bad, struct sock *sk)
{
	struct task_struct *task = bpf_get_current_task_btf();

	bpf_get_current_comm(task->comm, sizeof(task->comm)); // rejected call-type/read-only-argument; change
	return 0;
}

SEC("fentry/tcp_connect")
int BPF_PROG(fixed, struct sock *sk)
{
	bpf_get_current_comm(comm, sizeof(comm));
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
