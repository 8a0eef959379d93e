// SPDX-License-Identifier: GPL-2.0-only
// A 32-bit length is checked, and a copy of it is passed.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__type(key, __u32);
	__type(value, __u32);
} texts SEC(".maps");

struct leave {
	__u64 pad;
	long nr, ret;
};

SEC("tracepoint/syscalls/sys_exit_read")
int bad(struct leave *ctx)
{
	char text[64] = {};
	int n = ctx->ret; // change

	if (n <= 0 || n > 64)
		return 0;
	bpf_perf_event_output(ctx, &texts, BPF_F_CURRENT_CPU, text, n); // rejected call-type/negative-size
	return 0;
}

SEC("tracepoint/syscalls/sys_exit_read")
int fixed(struct leave *ctx)
{
	char text[64] = {};
	long n = ctx->ret;

	if (n <= 0 || n > 64)
		return 0;
	bpf_perf_event_output(ctx, &texts, BPF_F_CURRENT_CPU, text, n);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
