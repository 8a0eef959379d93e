// SPDX-License-Identifier: GPL-2.0-only
// Asks for memory of a dynptr of a length that varies.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 65536);
} names SEC(".maps");

SEC("kprobe/do_sys_openat2")
int BPF_KPROBE(bad, int dfd, const char *name)
{
	struct bpf_dynptr record;
	char *text;

	if (bpf_ringbuf_reserve_dynptr(&names, 64, 0, &record) == 0) {
		text = bpf_dynptr_data(&record, 0, 64);
		if (text)
			bpf_probe_read_user_str(text, 65, name); // rejected call-type/memory-length-range; change
	}
	bpf_ringbuf_submit_dynptr(&record, 0);
	return 0;
}

SEC("kprobe/do_sys_openat2")
int BPF_KPROBE(fixed, int dfd, const char *name)
{
	struct bpf_dynptr record;
	char *text;

	if (bpf_ringbuf_reserve_dynptr(&names, 64, 0, &record) == 0) {
		text = bpf_dynptr_data(&record, 0, 64);
		if (text)
			bpf_probe_read_user_str(text, 64, name);
	}
	bpf_ringbuf_submit_dynptr(&record, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
