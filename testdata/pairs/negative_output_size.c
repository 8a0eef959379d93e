// SPDX-License-Identifier: GPL-2.0-only
// The size of a perf event may be an error code.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__type(key, __u32);
	__type(value, __u32);
} paths SEC(".maps");

SEC("kprobe/do_sys_openat2")
int BPF_KPROBE(bad, int dfd, const char *name)
{
	char path[128];
	int len = bpf_probe_read_user_str(path, sizeof(path), name);

	if (len > 128)
		return 0;
	bpf_perf_event_output(ctx, &paths, BPF_F_CURRENT_CPU, path, len); // rejected call-type/negative-size; change
	return 0;
}

SEC("kprobe/do_sys_openat2")
int BPF_KPROBE(fixed, int dfd, const char *name)
{
	char path[128];
	int len = bpf_probe_read_user_str(path, sizeof(path), name);

	if (len < 0 || len > 128)
		return 0;
	bpf_perf_event_output(ctx, &paths, BPF_F_CURRENT_CPU, path, len);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
