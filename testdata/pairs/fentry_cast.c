// SPDX-License-Identifier: GPL-2.0-only
// Casts a pointer to a type that is larger.
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

__u64 ports;

SEC("fentry/tcp_connect")
int BPF_PROG(bad, struct sock *sk)
{
	struct task_struct *task = (void *)sk; // change

	if (task->comm[0] == 'x') // rejected memory/btf-access
		ports++;
	return 0;
}

SEC("fentry/tcp_connect")
int BPF_PROG(fixed, struct sock *sk)
{
	struct task_struct *task = bpf_get_current_task_btf();

	if (task->comm[0] == 'x')
		ports++;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
