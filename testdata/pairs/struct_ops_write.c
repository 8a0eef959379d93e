// SPDX-License-Identifier: GPL-2.0-only
// A congestion control that sets a member it may not.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

struct sock;

struct tcp_sock {
	__u32 snd_cwnd, packets_out;
} __attribute__((preserve_access_index));

struct tcp_congestion_ops {
	void (*init)(struct sock *sk);
	__u32 (*ssthresh)(struct sock *sk);
	void (*cong_avoid)(struct sock *sk, __u32 ack, __u32 acked);
	__u32 (*undo_cwnd)(struct sock *sk);
	char name[16];
};

SEC("struct_ops")
void BPF_PROG(bad, struct sock *sk)
{
	struct tcp_sock *tp = (void *)sk;

	tp->packets_out = 10; // rejected memory/btf-write; change
}

SEC("struct_ops")
void BPF_PROG(fixed, struct sock *sk)
{
	struct tcp_sock *tp = (void *)sk;

	tp->snd_cwnd = 10;
}

SEC("struct_ops")
__u32 BPF_PROG(same, struct sock *sk)
{
	return 2;
}

SEC("struct_ops")
__u32 BPF_PROG(back, struct sock *sk)
{
	return 2;
}

SEC("struct_ops")
void BPF_PROG(nothing, struct sock *sk, __u32 ack, __u32 acked)
{
}

SEC(".struct_ops")
struct tcp_congestion_ops slow = {
	.init = (void *)fixed,
	.ssthresh = (void *)same,
	.cong_avoid = (void *)nothing,
	.undo_cwnd = (void *)back,
	.name = "slow",
};

SEC(".struct_ops")
struct tcp_congestion_ops slower = {
	.init = (void *)bad,
	.ssthresh = (void *)same,
	.cong_avoid = (void *)nothing,
	.undo_cwnd = (void *)back,
	.name = "slower",
};

char LICENSE[] SEC("license") = "GPL";
