// SPDX-License-Identifier: GPL-2.0-only
// Compares a string in user memory.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

struct enter {
	__u64 pad;
	long nr, dfd;
	const char *filename;
	long flags, mode;
};

SEC("tracepoint/syscalls/sys_enter_openat")
int bad(struct enter *ctx)
{
	const char *name = ctx->filename;
	char first = name[0]; // rejected register-type/scalar-dereference; change

	if (first == '/')
		bpf_printk("absolute");
	return 0;
}

SEC("tracepoint/syscalls/sys_enter_openat")
int fixed(struct enter *ctx)
{
	const char *name = ctx->filename;
	char first = 0;

	bpf_probe_read_user(&first, 1, name);

	if (first == '/')
		bpf_printk("absolute");
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
