// SPDX-License-Identifier: GPL-2.0-only
// Reads an array of the context with a variable index.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, __u32);
} which SEC(".maps");

SEC("cgroup/connect6")
int bad(struct bpf_sock_addr *ctx)
{
	__u32 zero = 0, *at = bpf_map_lookup_elem(&which, &zero);

	if (!at || *at > 3)
		return 1;
	return ctx->user_ip6[*at] != 0; // rejected register-type/variable-pointer-dereference; change
}

SEC("cgroup/connect6")
int fixed(struct bpf_sock_addr *ctx)
{
	__u32 zero = 0, *at = bpf_map_lookup_elem(&which, &zero);

	if (!at || *at > 3)
		return 1;
	switch (*at) {
	case 0:
		return ctx->user_ip6[0] != 0;
	case 1:
		return ctx->user_ip6[1] != 0;
	default:
		return ctx->user_ip6[2] != 0;
	};
}

char LICENSE[] SEC("license") = "GPL";
