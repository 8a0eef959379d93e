// SPDX-License-Identifier: GPL-2.0-only
// Reads a field of a dynptr directly.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 65536);
} names SEC(".maps");

__u64 size;

SEC("kprobe/do_exit")
int bad(struct pt_regs *ctx)
{
	struct bpf_dynptr record;

	bpf_ringbuf_reserve_dynptr(&names, 64, 0, &record);
	size = *(volatile __u64 *)&record; // rejected memory/special-stack-read; change
	bpf_ringbuf_submit_dynptr(&record, 0);
	return 0;
}

SEC("kprobe/do_exit")
int fixed(struct pt_regs *ctx)
{
	struct bpf_dynptr record;

	bpf_ringbuf_reserve_dynptr(&names, 64, 0, &record);
	size = 64;
	bpf_ringbuf_submit_dynptr(&record, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
