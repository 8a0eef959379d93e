// SPDX-License-Identifier: GPL-2.0-only
// Asks for a path in a kprobe.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

struct path;

char name[256];

SEC("kprobe/vfs_truncate")
int BPF_KPROBE(bad, struct path *path)
{
	bpf_d_path(path, name, sizeof(name)); // rejected policy/helper-not-allowed; change
	return 0;
}

SEC("fentry/vfs_truncate")
int BPF_PROG(fixed, struct path *path)
{
	bpf_d_path(path, name, sizeof(name));
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
