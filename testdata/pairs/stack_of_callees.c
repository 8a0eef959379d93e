// SPDX-License-Identifier: GPL-2.0-only
// Two functions with large buffers on one chain.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

static __noinline int fill(void *ctx, char *out) // rejected verifier-limit/stack-size
{
	char name[300] = {}; // change, not shown

	asm volatile("" :: "r"(name) : "memory");
	bpf_get_current_comm(name, sizeof(name));
	return bpf_probe_read_kernel(out, 16, name);
}

static __noinline int fill_less(void *ctx, char *out)
{
	char name[16] = {};

	bpf_get_current_comm(name, sizeof(name));
	return bpf_probe_read_kernel(out, 16, name);
}

char last[16];

SEC("tc")
int bad(void *ctx)
{
	char line[250] = {};

	fill(ctx, line);
	return bpf_probe_read_kernel(last, 16, line);
}

SEC("tc")
int fixed(void *ctx)
{
	char line[250] = {};

	fill_less(ctx, line);
	return bpf_probe_read_kernel(last, 16, line);
}

char LICENSE[] SEC("license") = "GPL";
