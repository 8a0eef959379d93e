// SPDX-License-Identifier: GPL-2.0-only
// Reads as much as user space asked for.
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

struct enter {
	__u64 pad;
	long nr, fd;
	const char *buf;
	__u64 count;
};

SEC("tracepoint/syscalls/sys_enter_write")
int bad(struct enter *ctx)
{
	char text[64];
	__u64 count = ctx->count;

	if (bpf_probe_read_user(text, count, ctx->buf)) // rejected call-type/negative-size; change
		return 0;
	bpf_perf_event_output(ctx, &texts, BPF_F_CURRENT_CPU, text, sizeof(text));
	return 0;
}

SEC("tracepoint/syscalls/sys_enter_write")
int fixed(struct enter *ctx)
{
	char text[64] = {};
	__u64 count = ctx->count;

	if (count > sizeof(text))
		count = sizeof(text);
	if (bpf_probe_read_user(text, count, ctx->buf))
		return 0;
	bpf_perf_event_output(ctx, &texts, BPF_F_CURRENT_CPU, text, sizeof(text));
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
