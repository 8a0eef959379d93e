// SPDX-License-Identifier: GPL-2.0-only
// Loops, checks of packets and lookups, with what the verifier knew there.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 256);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u64);
} totals SEC(".maps");

__u8 data[4096];

struct bpf_iter_num {
	__u64 opaque[1];
} __attribute__((aligned(8)));

extern int bpf_iter_num_new(struct bpf_iter_num *it, int start, int end) __ksym;
extern int *bpf_iter_num_next(struct bpf_iter_num *it) __ksym;
extern void bpf_iter_num_destroy(struct bpf_iter_num *it) __ksym;

/* The loop begins with its condition, since the bound is not known. */
SEC("tc")
int up_to_a_variable(struct __sk_buff *skb)
{
	__u32 n = skb->len & 15, sum = 0, i;

	for (i = 0; i < n; i++) { // hint i: 0…14, n: 1…15, ≤ 15 rounds
		sum += data[(sum + i) & 4095];
		data[sum & 4095] = sum;
	}
	return sum & 1;
}

/* The loop ends with its condition, since the first round is certain. */
SEC("tc")
int up_to_a_constant(struct __sk_buff *skb)
{
	__u32 sum = 0;

	for (int i = 3; i < 40; i++) { // hint i: 3…39, ≤ 37 rounds
		sum += data[(sum + i) & 4095];
		data[sum & 4095] = sum;
	}
	return sum & 1;
}

/* The first round is a copy before the loop: `i` is 0 in it. */
SEC("tc")
int first_round_apart(struct __sk_buff *skb)
{
	__u64 us = skb->tstamp;
	__u32 slot = 0;

	for (int i = 0; i < 26; i++) {
		if (us <= 1)
			break;
		us >>= 1;
		slot++;
	}
	data[slot] = 1;
	return 0;
}

/* The walk goes round as often as it learns something, not as often as the program. */
SEC("tc")
int rounds_of_an_iterator(struct __sk_buff *skb)
{
	struct bpf_iter_num it;
	int *i;

	bpf_iter_num_new(&it, 0, 100);
	while ((i = bpf_iter_num_next(&it))) {
		data[*i & 4095] = 1;
		data[(*i + 7) & 4095] = 2;
	}
	bpf_iter_num_destroy(&it);
	return 0;
}

/* Each of the conditions must hold. */
SEC("xdp")
int both_conditions(struct xdp_md *ctx)
{
	void *start = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = start;
	struct iphdr *ip = (void *)(eth + 1);

	if ((void *)(eth + 1) > end) // hint 14 bytes of packet proven
		return XDP_PASS;
	data[0] = eth->h_source[0];
	if ((void *)(ip + 1) > end || ip->ihl != 5) // hint 34 bytes of packet proven
		return XDP_PASS;
	return ip->protocol == IPPROTO_UDP ? XDP_DROP : XDP_PASS;
}

/* The second is enough without the first. */
SEC("xdp")
int one_is_enough(struct xdp_md *ctx)
{
	void *start = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;

	if (start + 20 <= end || ctx->ingress_ifindex == 1)
		data[3] = data[2] + 1;
	return XDP_PASS;
}

/* The offset of what is checked is not known. */
SEC("xdp")
int behind_a_variable(struct xdp_md *ctx)
{
	void *start = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct iphdr *ip = start + sizeof(struct ethhdr);
	struct udphdr *udp;

	if ((void *)(ip + 1) > end) // hint 34 bytes of packet proven
		return XDP_PASS;
	udp = (void *)ip + ip->ihl * 4;
	if ((void *)(udp + 1) > end)
		return XDP_PASS;
	return udp->dest == bpf_htons(53) ? XDP_DROP : XDP_PASS;
}

/* Two callers give it two offsets. */
static __always_inline int peek(void *at, void *end)
{
	if (at + 4 > end) // hint 12 bytes of packet proven
		return 0;
	return *(volatile __u8 *)at;
}

SEC("xdp")
int two_copies(struct xdp_md *ctx)
{
	void *start = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;

	data[1] = peek(start + 8, end);
	data[2] = peek(start + 16, end);
	return XDP_PASS;
}

SEC("tc")
int lookups(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex, first = 0;
	__u64 *n = bpf_map_lookup_elem(&counts, &key); // hint may be NULL
	__u64 *all = bpf_map_lookup_elem(&totals, &first); // hint not NULL

	if (n)
		*n += 1;
	if (all)
		*all += 1;
	return 0;
}

const volatile __u8 never;

/* What is behind the call that is never made has another result in the register. */
SEC("tc")
int behind_no_call(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex;
	__u64 *n = bpf_map_lookup_elem(&counts, &key); // hint may be NULL

	if (!n)
		return 0;
	if (never)
		bpf_skb_pull_data(skb, 20);
	*n += 1;
	return 0;
}

/* A program that was not accepted has no hints, and takes those of lines that it shares. */
static __always_inline int shared(void *start, void *end)
{
	if (start + 20 > end)
		return 0;
	return *(volatile __u8 *)(start + 19);
}

SEC("xdp")
int accepted_one(struct xdp_md *ctx)
{
	void *start = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;

	return shared(start, end);
}

SEC("xdp")
int rejected_one(struct xdp_md *ctx)
{
	void *start = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;

	return shared(start, end) + *(__u8 *)(start + 20);
}

char LICENSE[] SEC("license") = "GPL";
