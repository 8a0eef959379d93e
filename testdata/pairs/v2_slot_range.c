// SPDX-License-Identifier: GPL-2.0-only
// A 32-bit slot number is checked, and a copy of it indexes.
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
	int fd = ctx->fd; // change

	if (fd >= 0 && fd < 100)
		closed[fd]++; // rejected memory/out-of-bounds
	return 0;
}

SEC("tracepoint/syscalls/sys_enter_close")
int fixed(struct enter *ctx)
{
	__u64 fd = ctx->fd;

	if (fd < 100)
		closed[fd]++;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
