// SPDX-License-Identifier: GPL-2.0-only
// A string of a process can only be copied by a program that may wait for the
// memory.
#include <linux/ptrace.h>
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

extern int bpf_copy_from_user_str(void *to, __u32 to__sz, const void *from, __u64 flags) __ksym;

char path[128];

SEC("uprobe")
int BPF_KPROBE(bad, const char *name)
{
	bpf_copy_from_user_str(path, sizeof(path), name, 0); // want execution-context/sleepable-kfunc "program must be sleepable to call sleepable kfunc bpf_copy_from_user_str"
	return 0;
}

SEC("uprobe.s")
int BPF_KPROBE(fixed, const char *name)
{
	bpf_copy_from_user_str(path, sizeof(path), name, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
