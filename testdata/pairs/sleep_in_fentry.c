// SPDX-License-Identifier: GPL-2.0-only
// Copies from user space, which may sleep, in a hook that must not.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

struct pt_regs___x86 {
	unsigned long si;
} __attribute__((preserve_access_index));

__u64 absolute;

SEC("fentry/__x64_sys_unlinkat")
int BPF_PROG(bad, struct pt_regs___x86 *regs)
{
	char first = 0;

	bpf_copy_from_user(&first, 1, (void *)regs->si); // rejected execution-context/sleepable-helper; change
	absolute += first == '/';
	return 0;
}

SEC("fentry.s/__x64_sys_unlinkat")
int BPF_PROG(fixed, struct pt_regs___x86 *regs)
{
	char first = 0;

	bpf_copy_from_user(&first, 1, (void *)regs->si);
	absolute += first == '/';
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
