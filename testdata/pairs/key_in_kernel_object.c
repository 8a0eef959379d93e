// SPDX-License-Identifier: GPL-2.0-only
// Passes the address of a member of a kernel object as key.
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
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} started SEC(".maps");

SEC("tp_btf/sched_process_exit")
int BPF_PROG(bad, struct task_struct *p)
{
	__u64 *start = bpf_map_lookup_elem(&started, &p->pid); // rejected call-type/read-only-argument; change

	if (start)
		*start = 0;
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(fixed, struct task_struct *p)
{
	int pid = p->pid;
	__u64 *start = bpf_map_lookup_elem(&started, &pid);

	if (start)
		*start = 0;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
