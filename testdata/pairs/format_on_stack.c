// SPDX-License-Identifier: GPL-2.0-only
// The format of bpf_snprintf() has to be constant.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

char text[32];

SEC("kprobe/do_exit")
int bad(struct pt_regs *ctx)
{
	char fmt[] = "%d"; // change, not shown
	__u64 args[1] = {bpf_get_current_pid_tgid() >> 32};

	asm volatile("" ::"r"(fmt) : "memory");
	bpf_snprintf(text, sizeof(text), fmt, args, sizeof(args)); // rejected call-type/wrong-argument-kind
	return 0;
}

SEC("kprobe/do_exit")
int fixed(struct pt_regs *ctx)
{
	static const char fmt[] = "%d";
	__u64 args[1] = {bpf_get_current_pid_tgid() >> 32};

	asm volatile("" ::"r"(fmt) : "memory");
	bpf_snprintf(text, sizeof(text), fmt, args, sizeof(args));
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
