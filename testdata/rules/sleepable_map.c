// SPDX-License-Identifier: GPL-2.0-only
// The elements of most map types could vanish while a program sleeps.
#include <linux/ptrace.h>
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} ring SEC(".maps");

SEC("uprobe.s")
int BPF_KPROBE(bad, const void *at)
{
	__u64 value = 0;

	bpf_copy_from_user(&value, sizeof(value), at);
	bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &value, sizeof(value)); // want execution-context/sleepable-map "Sleepable programs can only use array, hash, ringbuf and local storage maps"
	return 0;
}

SEC("uprobe.s")
int BPF_KPROBE(fixed, const void *at)
{
	__u64 value = 0;

	bpf_copy_from_user(&value, sizeof(value), at);
	bpf_ringbuf_output(&ring, &value, sizeof(value), 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
