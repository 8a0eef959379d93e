// SPDX-License-Identifier: GPL-2.0-only
// Sends a perf event to a ring buffer.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

struct event {
	__u32 pid, uid;
	char comm[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 65536);
} events SEC(".maps");

SEC("tracepoint/sched/sched_process_exit")
int bad(void *ctx)
{
	struct event e = {.pid = bpf_get_current_pid_tgid() >> 32};

	bpf_get_current_comm(e.comm, sizeof(e.comm));
	bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &e, sizeof(e)); // rejected call-type/map-helper-mismatch; change
	return 0;
}

SEC("tracepoint/sched/sched_process_exit")
int fixed(void *ctx)
{
	struct event e = {.pid = bpf_get_current_pid_tgid() >> 32};

	bpf_get_current_comm(e.comm, sizeof(e.comm));
	bpf_ringbuf_output(&events, &e, sizeof(e), 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
