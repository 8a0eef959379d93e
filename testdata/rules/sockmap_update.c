// SPDX-License-Identifier: GPL-2.0-only
// Socket maps have helpers of their own.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} sockets SEC(".maps");

SEC("sockops")
int bad(struct bpf_sock_ops *ctx)
{
	__u32 key = ctx->local_port & 1023;
	struct bpf_sock *sk = ctx->sk;

	if (ctx->op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB && sk)
		bpf_map_update_elem(&sockets, &key, sk, BPF_ANY); // want execution-context/sockmap-update "cannot update sockmap in this context"
	return 0;
}

SEC("sockops")
int fixed(struct bpf_sock_ops *ctx)
{
	__u32 key = ctx->local_port & 1023;

	if (ctx->op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB)
		bpf_sock_map_update(ctx, &sockets, &key, BPF_ANY);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
