// SPDX-License-Identifier: GPL-2.0-only
// Casts a socket to the larger TCP socket.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

struct sock;

struct tcp_sock {
	__u32 snd_cwnd;
} __attribute__((preserve_access_index));

__u32 cwnd;

SEC("fentry/tcp_rcv_established")
int BPF_PROG(bad, struct sock *sk)
{
	struct tcp_sock *tp = (void *)sk; // change

	cwnd = tp->snd_cwnd; // rejected memory/btf-access
	return 0;
}

SEC("fentry/tcp_rcv_established")
int BPF_PROG(fixed, struct sock *sk)
{
	struct tcp_sock *tp = bpf_skc_to_tcp_sock(sk);

	if (!tp)
		return 0;

	cwnd = tp->snd_cwnd;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
