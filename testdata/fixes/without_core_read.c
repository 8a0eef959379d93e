// SPDX-License-Identifier: GPL-2.0-only
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

// The macro for system calls reads arguments with a macro of another header.

char LICENSE[] SEC("license") = "GPL";

SEC("ksyscall/openat")
int BPF_KSYSCALL(opened, int dfd, const char *name) // fix include
{
	bpf_printk("openat %d", dfd);
	return 0;
}
