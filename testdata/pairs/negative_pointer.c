// SPDX-License-Identifier: GPL-2.0-only
// Steps back in a map value by an unknown amount.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

char path[128];

SEC("kprobe/do_sys_openat2")
int BPF_KPROBE(bad, int dfd, const char *name)
{
	long n = bpf_probe_read_user_str(path, sizeof(path), name);
	char *end = path + sizeof(path);

	if (n > 128)
		return 0;
	end -= n; // change
	*end = 0; // rejected memory/unbounded-offset
	return 0;
}

SEC("kprobe/do_sys_openat2")
int BPF_KPROBE(fixed, int dfd, const char *name)
{
	long n = bpf_probe_read_user_str(path, sizeof(path), name);

	if (n < 1 || n > 128)
		return 0;
	path[(128 - n) & 127] = 0;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
