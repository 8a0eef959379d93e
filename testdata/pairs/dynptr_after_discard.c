// SPDX-License-Identifier: GPL-2.0-only
// Writes to a record that was given back.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 65536);
} events SEC(".maps");

SEC("tracepoint/sched/sched_process_exit")
int bad(void *ctx)
{
	struct bpf_dynptr record;
	__u32 pid = bpf_get_current_pid_tgid() >> 32;

	if (bpf_ringbuf_reserve_dynptr(&events, 64, 0, &record))
		bpf_ringbuf_discard_dynptr(&record, 0); // change
	bpf_dynptr_write(&record, 0, &pid, sizeof(pid), 0); // rejected resource-lifetime/uninitialized-dynptr
	bpf_ringbuf_submit_dynptr(&record, 0);
	return 0;
}

SEC("tracepoint/sched/sched_process_exit")
int fixed(void *ctx)
{
	struct bpf_dynptr record;
	__u32 pid = bpf_get_current_pid_tgid() >> 32;

	if (bpf_ringbuf_reserve_dynptr(&events, 64, 0, &record)) {
		bpf_ringbuf_discard_dynptr(&record, 0);
		return 0;
	}
	bpf_dynptr_write(&record, 0, &pid, sizeof(pid), 0);
	bpf_ringbuf_submit_dynptr(&record, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
