// SPDX-License-Identifier: GPL-2.0-only
// Writes a terminator behind what was read.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

char path[64];

SEC("kprobe/do_sys_openat2")
int BPF_KPROBE(bad, int dfd, const char *name)
{
	int n = bpf_probe_read_user_str(path, sizeof(path), name);

	if (n > 0) // change
		path[n] = '/'; // rejected memory/unbounded-offset
	return 0;
}

SEC("kprobe/do_sys_openat2")
int BPF_KPROBE(fixed, int dfd, const char *name)
{
	int n = bpf_probe_read_user_str(path, sizeof(path), name);

	if (n > 0 && n < sizeof(path))
		path[n] = '/';
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
