// SPDX-License-Identifier: GPL-2.0-only
// Reserves a record of a size that is not constant.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

__u32 wanted = 64;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 65536);
} names SEC(".maps");

SEC("tracepoint/sched/sched_process_exec")
int bad(void *ctx)
{
	char name[64];
	long len = bpf_get_current_comm(name, 16) + wanted;
	char *rec = bpf_ringbuf_reserve(&names, len, 0); // rejected call-type/non-constant-argument; change

	if (!rec)
		return 0;
	rec[0] = name[0];
	bpf_ringbuf_submit(rec, 0);
	return 0;
}

SEC("tracepoint/sched/sched_process_exec")
int fixed(void *ctx)
{
	char name[64];
	bpf_get_current_comm(name, 16);
	char *rec = bpf_ringbuf_reserve(&names, 64, 0);

	if (!rec)
		return 0;
	rec[0] = name[0];
	bpf_ringbuf_submit(rec, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
