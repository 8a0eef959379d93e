// SPDX-License-Identifier: GPL-2.0-only
// Writes a number at an odd address of a local buffer.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__type(key, __u32);
	__type(value, __u32);
} lines SEC(".maps");

SEC("kprobe/do_exit")
int BPF_KPROBE(bad, long code)
{
	char line[32] = {};

	line[0] = 'c';
	*(volatile long *)(line + 1) = code; // rejected memory/misaligned; change
	bpf_perf_event_output(ctx, &lines, BPF_F_CURRENT_CPU, line, sizeof(line));
	return 0;
}

SEC("kprobe/do_exit")
int BPF_KPROBE(fixed, long code)
{
	char line[32] = {};

	line[0] = 'c';
	*(volatile long *)(line + 8) = code;
	bpf_perf_event_output(ctx, &lines, BPF_F_CURRENT_CPU, line, sizeof(line));
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
