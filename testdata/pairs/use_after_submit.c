// SPDX-License-Identifier: GPL-2.0-only
// Reads a record after it was submitted.
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

__u32 last;

SEC("kprobe/do_exit")
int BPF_KPROBE(bad, long code)
{
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);

	if (!e)
		return 0;
	e->pid = code;
	bpf_ringbuf_submit(e, 0);
	last = e->pid; // rejected register-type/scalar-dereference; change
	return 0;
}

SEC("kprobe/do_exit")
int BPF_KPROBE(fixed, long code)
{
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);

	if (!e)
		return 0;
	e->pid = code;
	last = e->pid;
	bpf_ringbuf_submit(e, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
