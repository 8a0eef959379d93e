// SPDX-License-Identifier: GPL-2.0-only
// One parameter more than the function has.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

struct sock;

__u64 seen;

SEC("fentry/tcp_connect")
int BPF_PROG(bad, struct sock *sk, int flags) // rejected memory/context-access; change
{
	seen += flags;
	return 0;
}

SEC("fentry/tcp_connect")
int BPF_PROG(fixed, struct sock *sk, int flags)
{
	seen += 1;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
