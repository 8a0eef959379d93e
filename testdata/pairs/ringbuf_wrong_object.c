// SPDX-License-Identifier: GPL-2.0-only
// Submits what a map lookup gave.
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
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, struct event);
} scratch SEC(".maps");

SEC("kprobe/do_exit")
int bad(struct pt_regs *ctx)
{
	__u32 zero = 0;
	struct event *e = bpf_map_lookup_elem(&scratch, &zero);

	if (!e)
		return 0;
	e->pid = 1;
	bpf_ringbuf_submit(e, 0); // rejected call-type/wrong-argument-kind; change
	return 0;
}

SEC("kprobe/do_exit")
int fixed(struct pt_regs *ctx)
{
	__u32 zero = 0;
	struct event *e = bpf_map_lookup_elem(&scratch, &zero);

	if (!e)
		return 0;
	e->pid = 1;
	bpf_ringbuf_output(&events, e, sizeof(*e), 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
