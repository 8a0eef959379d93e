// SPDX-License-Identifier: GPL-2.0-only
// A pointer has the type that the kernel gave it, whatever the source casts it to.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct sock;

struct tcp_sock {
	__u32 snd_cwnd;
} __attribute__((preserve_access_index));

__u32 window;

SEC("fentry/tcp_rcv_established")
int BPF_PROG(cast_in_c, struct sock *sk)
{
	struct tcp_sock *tp = (void *)sk;

	window = tp->snd_cwnd; // want memory/btf-access "`tp` points to a `struct sock`, which has " "is past its end" help "bpf_skc_to_tcp_sock()" never "whole member" never "preserve_access_index"
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
