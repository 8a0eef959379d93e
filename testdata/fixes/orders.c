// SPDX-License-Identifier: GPL-2.0-only
// Calls too many, and pointers that an earlier call made worthless.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <bpf/bpf_helpers.h>

struct event {
	__u32 len;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

SEC("tc")
int discarded_first(struct __sk_buff *skb)
{
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);

	if (!e)
		return 0;
	e->len = skb->len;
	if (skb->len < 60)
		bpf_ringbuf_discard(e, 0);
	bpf_ringbuf_submit(e, 0); // fix order
	return 0;
}

SEC("tc")
int dynptr_discarded_first(struct __sk_buff *skb)
{
	struct bpf_dynptr record;
	__u32 len = skb->len;

	if (bpf_ringbuf_reserve_dynptr(&events, 8, 0, &record))
		bpf_ringbuf_discard_dynptr(&record, 0);
	bpf_dynptr_write(&record, 0, &len, sizeof(len), 0); // fix order
	bpf_ringbuf_submit_dynptr(&record, 0);
	return 0;
}

SEC("cgroup_skb/egress")
int released_without_owning(struct __sk_buff *skb)
{
	struct bpf_sock *sk = skb->sk;

	if (!sk)
		return 1;
	if (sk->family == 2)
		bpf_sk_release(sk); // fix order
	return 1;
}

SEC("xdp")
int packet_moved(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;

	if ((void *)(eth + 1) > data_end)
		return XDP_PASS;
	if (bpf_xdp_adjust_tail(ctx, -4))
		return XDP_ABORTED;
	eth->h_proto = 0; // fix packet-check
	return XDP_TX;
}

SEC("tc")
int submitted_twice(struct __sk_buff *skb)
{
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);

	if (!e)
		return 0;
	e->len = skb->len;
	if (skb->len > 1500)
		bpf_ringbuf_submit(e, 0);
	bpf_ringbuf_submit(e, 0); // fix order
	return 0;
}

SEC("tc")
int socket_released_first(struct __sk_buff *skb)
{
	struct bpf_sock_tuple t = {};
	struct bpf_sock *sk;

	sk = bpf_sk_lookup_tcp(skb, &t, sizeof(t.ipv4), BPF_F_CURRENT_NETNS, 0);
	if (!sk)
		return 0;
	if (sk->mark == 7)
		bpf_sk_release(sk);
	bpf_sk_release(sk); // fix order
	return 0;
}

SEC("tc")
int released_without_one(struct __sk_buff *skb)
{
	struct bpf_sock_tuple t = {};
	struct bpf_sock *sk;

	sk = bpf_sk_lookup_tcp(skb, &t, sizeof(t.ipv4), BPF_F_CURRENT_NETNS, 0);
	bpf_sk_release(sk); // fix null-check
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
