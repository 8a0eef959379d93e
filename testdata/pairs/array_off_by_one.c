// SPDX-License-Identifier: GPL-2.0-only
// An index that may be the number of elements.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

struct stats {
	__u64 by_fd[32];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, struct stats);
} totals SEC(".maps");

struct enter {
	__u64 pad;
	long nr;
	__u64 fd, buf, count;
};

SEC("tracepoint/syscalls/sys_enter_write")
int bad(struct enter *ctx)
{
	__u32 zero = 0;
	struct stats *s = bpf_map_lookup_elem(&totals, &zero);
	__u64 fd = ctx->fd;

	if (!s)
		return 0;
	if (fd > 32) // change
		return 0;
	s->by_fd[fd]++; // rejected memory/out-of-bounds
	return 0;
}

SEC("tracepoint/syscalls/sys_enter_write")
int fixed(struct enter *ctx)
{
	__u32 zero = 0;
	struct stats *s = bpf_map_lookup_elem(&totals, &zero);
	__u64 fd = ctx->fd;

	if (!s)
		return 0;
	if (fd >= 32)
		return 0;
	s->by_fd[fd]++;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
