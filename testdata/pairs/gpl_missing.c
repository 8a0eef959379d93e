// SPDX-License-Identifier: GPL-2.0-only
// A GPL-only helper in a program with another licence.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__type(key, __u32);
	__type(value, __u32);
} values SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, __u64);
} last SEC(".maps");

SEC("kprobe/do_exit")
int bad(struct pt_regs *ctx)
{
	__u64 stack = 0;

	bpf_probe_read_kernel(&stack, sizeof(stack), (void *)PT_REGS_SP(ctx)); // rejected policy/gpl-only-helper; change
	bpf_perf_event_output(ctx, &values, BPF_F_CURRENT_CPU, &stack, sizeof(stack));
	return 0;
}

SEC("kprobe/do_exit")
int fixed(struct pt_regs *ctx)
{
	__u64 stack = 0;

	stack = PT_REGS_SP(ctx);
	bpf_map_update_elem(&last, &(__u32){0}, &stack, BPF_ANY);
	return 0;
}

char LICENSE[] SEC("license") = "Apache-2.0";
