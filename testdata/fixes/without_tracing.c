// SPDX-License-Identifier: GPL-2.0-only
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

// What stands in parentheses are declarations, and of those the compiler complains.

char LICENSE[] SEC("license") = "GPL";

SEC("fentry/do_unlinkat")
int BPF_PROG(unlinked, int dfd, struct filename *name) // fix include
{
	bpf_printk("unlink %d", dfd);
	return 0;
}
