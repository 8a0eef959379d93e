// SPDX-License-Identifier: GPL-2.0-only
// A program of another license has to do without the helpers that the kernel
// keeps for the GPL.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} ring SEC(".maps");

SEC("tracepoint/sched/sched_process_exit")
int bad(void *ctx)
{
	__u64 id = bpf_get_current_pid_tgid();

	bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &id, sizeof(id)); // want policy/gpl-only-helper "cannot call GPL-restricted function from non-GPL compatible program"
	return 0;
}

SEC("tracepoint/sched/sched_process_exit")
int fixed(void *ctx)
{
	__u64 id = bpf_get_current_pid_tgid();

	bpf_ringbuf_output(&ring, &id, sizeof(id), 0);
	return 0;
}

char LICENSE[] SEC("license") = "Proprietary";
