// SPDX-License-Identifier: GPL-2.0-only
// Submits a record twice.
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

SEC("kprobe/do_exit")
int BPF_KPROBE(bad, long code)
{
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);

	if (!e)
		return 0;
	e->pid = code;
	if (code == 0)
		bpf_ringbuf_discard(e, 0); // change
	bpf_ringbuf_submit(e, 0); // rejected call-type/wrong-argument-kind
	return 0;
}

SEC("kprobe/do_exit")
int BPF_KPROBE(fixed, long code)
{
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);

	if (!e)
		return 0;
	e->pid = code;
	if (code == 0)
		bpf_ringbuf_discard(e, 0);
	else
		bpf_ringbuf_submit(e, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
