// SPDX-License-Identifier: GPL-2.0-only
// Passes the value where the context belongs.
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

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__type(key, __u32);
	__type(value, __u32);
} values SEC(".maps");

SEC("kprobe/do_exit")
int bad(struct pt_regs *ctx)
{
	struct event e = {.pid = bpf_get_current_pid_tgid() >> 32};

	bpf_perf_event_output(&e, &values, BPF_F_CURRENT_CPU, &e, sizeof(e)); // rejected call-type/context-argument; change
	return 0;
}

SEC("kprobe/do_exit")
int fixed(struct pt_regs *ctx)
{
	struct event e = {.pid = bpf_get_current_pid_tgid() >> 32};

	bpf_perf_event_output(ctx, &values, BPF_F_CURRENT_CPU, &e, sizeof(e));
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
