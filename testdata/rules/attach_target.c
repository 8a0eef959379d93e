// SPDX-License-Identifier: GPL-2.0-only
// The kernel has no tracepoint of this name.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__u64 switches;

SEC("tp_btf/sched_switched") // want program-structure/attach-target "failed to find kernel BTF type ID of 'sched_switched'"
int bad(void *ctx)
{
	switches++;
	return 0;
}

SEC("tp_btf/sched_switch")
int fixed(void *ctx)
{
	switches++;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
