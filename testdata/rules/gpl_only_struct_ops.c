// SPDX-License-Identifier: GPL-2.0-only
// A program of another license can watch congestion control, not do it.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct tcp_congestion_ops___mine {
	char name[16];
	__u32 (*ssthresh)(void *sk);
};

__u64 probes;

SEC("struct_ops")
__u32 bad(__u64 *ctx) // want policy/gpl-only-struct-ops "struct ops programs must have a GPL compatible license"
{
	return 2;
}

SEC(".struct_ops")
struct tcp_congestion_ops___mine fixed_window = {
	.name = "fixed_window",
	.ssthresh = (void *)bad,
};

SEC("tp_btf/tcp_probe")
int BPF_PROG(fixed, void *sk)
{
	probes++;
	return 0;
}

char LICENSE[] SEC("license") = "Proprietary";
