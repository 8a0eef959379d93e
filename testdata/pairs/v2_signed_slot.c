// SPDX-License-Identifier: GPL-2.0-only
// A signed slot number is checked above only.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

struct enter {
	__u64 pad;
	long nr, fd;
};

__u64 closed[100];

SEC("tracepoint/syscalls/sys_enter_close")
int bad(struct enter *ctx)
{
	long fd = ctx->fd;

	if (fd < 100) // change
		closed[fd]++; // rejected register-type/pointer-offset-unsafe
	return 0;
}

SEC("tracepoint/syscalls/sys_enter_close")
int fixed(struct enter *ctx)
{
	long fd = ctx->fd;

	if (fd >= 0 && fd < 100)
		closed[fd]++;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
