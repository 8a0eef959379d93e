// SPDX-License-Identifier: GPL-2.0-only
// A signed index is checked above only.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

__u64 calls[512];

SEC("raw_tp/sys_enter")
int bad(struct bpf_raw_tracepoint_args *ctx)
{
	int nr = ctx->args[1];

	if (nr >= 512) // change
		return 0;
	calls[nr]++; // rejected register-type/pointer-offset-unsafe
	return 0;
}

SEC("raw_tp/sys_enter")
int fixed(struct bpf_raw_tracepoint_args *ctx)
{
	int nr = ctx->args[1];

	if (nr < 0 || nr >= 512)
		return 0;
	calls[nr]++;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
