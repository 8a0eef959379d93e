// SPDX-License-Identifier: GPL-2.0-only
// A security hook returns a positive error number.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

struct file;

__u32 blocked;

SEC("lsm/file_open")
int BPF_PROG(bad, struct file *file)
{
	__u32 uid = bpf_get_current_uid_gid();

	if (uid == blocked)
		return 1; // rejected call-type/return-value; change
	return 0;
}

SEC("lsm/file_open")
int BPF_PROG(fixed, struct file *file)
{
	__u32 uid = bpf_get_current_uid_gid();

	if (uid == blocked)
		return -1;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
