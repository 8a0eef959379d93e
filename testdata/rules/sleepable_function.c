// SPDX-License-Identifier: GPL-2.0-only
// A global function that may sleep is called while preemption is disabled.
#include <linux/ptrace.h>
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

extern void bpf_preempt_disable(void) __ksym;
extern void bpf_preempt_enable(void) __ksym;

__u64 lengths[2];

__noinline int read_length(__u64 address)
{
	__u32 length = 0;

	bpf_copy_from_user(&length, sizeof(length), (void *)address);
	return length & 0xffff;
}

SEC("uprobe.s")
int BPF_KPROBE(bad, __u64 header)
{
	bpf_preempt_disable();
	lengths[0] += read_length(header); // want execution-context/sleepable-function "global functions that may sleep are not allowed in non-sleepable context"
	lengths[1]++;
	bpf_preempt_enable();
	return 0;
}

SEC("uprobe.s")
int BPF_KPROBE(fixed, __u64 header)
{
	int length = read_length(header);

	bpf_preempt_disable();
	lengths[0] += length;
	lengths[1]++;
	bpf_preempt_enable();
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
