// SPDX-License-Identifier: GPL-2.0-only
// Compiled with CFLAGS=-mcpu=v2, which has no tests of 32 bits.
// What the source names where the compiler computes with something else.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

__u64 open_ports[8];
__u32 classes[6];

SEC("cgroup/bind4")
int divided_index(struct bpf_sock_addr *ctx)
{
	__u16 port = ctx->user_port;

	return open_ports[port / 64] & (1ULL << (port % 64)) ? 1 : 0; // want memory/out-of-bounds "`open_ports` has 8 elements, and the index `port / 64` may be larger" help "Keep `port / 64` in a variable, and leave before this line where that is above 7" never "8184 here" never "above 56"
}

SEC("cgroup/bind4")
int divided_and_limited(struct bpf_sock_addr *ctx)
{
	__u64 port = (__u16)ctx->user_port, word = port / 64;

	if (word > 7)
		return 1;
	return open_ports[word] & (1ULL << (port % 64)) ? 1 : 0;
}

SEC("tc")
int shifted_index(struct __sk_buff *skb)
{
	return classes[(skb->mark >> 4) & 7]; // want memory/out-of-bounds "`classes`" never "28 here" never "above 20"
}

struct trailer {
	__u32 magic, hops;
};

SEC("xdp")
int counts_in_the_packet(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct trailer *t = (void *)(eth + 1);

	if ((void *)(t + 1) > end || eth->h_proto)
		return XDP_PASS;
	__sync_fetch_and_add(&t->hops, 1); // want register-type/atomic-forbidden "`t->hops` is packet data" never "`eth` is"
	return XDP_TX;
}

char _license[] SEC("license") = "GPL";
