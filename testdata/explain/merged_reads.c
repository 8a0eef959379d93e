// SPDX-License-Identifier: GPL-2.0-only
// Reads of two members of the context that the compiler makes one of.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 32);
	__type(key, __u32);
	__type(value, __u32);
} ports SEC(".maps");

static __always_inline void choose(struct bpf_sock_addr *ctx, __u32 *to, int six)
{
	if (six)
		*to = ctx->user_ip6[3];
	else
		*to = ctx->user_ip4; // want register-type/modified-pointer-dereference "the address of `ctx->user_ip4`" help "(*to));` behind line 18"
}

SEC("cgroup/connect6")
int connects(struct bpf_sock_addr *ctx)
{
	__u32 to, *port;

	choose(ctx, &to, ctx->family == 10);
	port = bpf_map_lookup_elem(&ports, &to);
	return port ? 0 : 1;
}

char LICENSE[] SEC("license") = "GPL";
