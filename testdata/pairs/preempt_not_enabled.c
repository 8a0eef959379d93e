// SPDX-License-Identifier: GPL-2.0-only
// Returns with preemption disabled.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

extern void bpf_preempt_disable(void) __ksym;
extern void bpf_preempt_enable(void) __ksym;

__u64 count;

SEC("tp_btf/sys_enter")
int bad(void *ctx)
{
	bpf_preempt_disable();
	if (count > 100)
		return 0; // rejected execution-context/preempt-disabled-at-exit; change
	count++;
	bpf_preempt_enable();
	return 0;
}

SEC("tp_btf/sys_enter")
int fixed(void *ctx)
{
	bpf_preempt_disable();
	if (count <= 100)
		count++;
	bpf_preempt_enable();
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
