// SPDX-License-Identifier: GPL-2.0-only
// A program can only replace the result of functions that the kernel marks.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

SEC("fmod_ret/vfs_fsync")
int BPF_PROG(bad, void *file, int datasync, int ret) // want policy/hook-not-modifiable "vfs_fsync() is not modifiable"
{
	return -1;
}

SEC("fmod_ret/__x64_sys_fsync")
int BPF_PROG(fixed, void *regs, int ret)
{
	return -1;
}

char LICENSE[] SEC("license") = "GPL";
