// SPDX-License-Identifier: GPL-2.0-only
// No license at all.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>

SEC("kprobe/do_nanosleep")
int unlicensed(struct pt_regs *ctx)
{
	__u64 value = 0;

	bpf_probe_read_kernel(&value, sizeof(value), (void *)ctx); // choice license
	return value == 1;
}
