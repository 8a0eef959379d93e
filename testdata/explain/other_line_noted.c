// SPDX-License-Identifier: GPL-2.0-only
// Accesses, checks and limits that the compiler notes at another place than the source has them.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define FITS(pointer, end) ((void *)(pointer) + sizeof(pointer) <= (end))
#define WANT(pointer, end, otherwise) do { if (!FITS(pointer, end)) return otherwise; } while (0)

struct pair {
	__be16 from, to;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, struct pair);
	__type(value, __u64);
} pairs SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u64);
} by_number SEC(".maps"), by_port SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__type(key, __u32);
	__type(value, __u32);
} events SEC(".maps");

struct report {
	__u32 kind, count;
	__u64 words[4];
};

struct shelf {
	__u32 filled, pad;
	__u64 book[10];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, struct shelf);
} shelves SEC(".maps");

SEC("xdp")
int one_read_of_two(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct pair key = {};
	__u64 one = 1;

	if ((void *)(eth + 1) > data_end)
		return XDP_PASS;
	if (eth->h_proto == bpf_htons(ETH_P_IP)) {
		struct iphdr *ip = (void *)(eth + 1);
		struct udphdr *udp = (void *)(ip + 1);

		if ((void *)(udp + 1) > data_end)
			return XDP_PASS;
		key.from = udp->source;
		key.to = udp->dest;
	} else if (eth->h_proto == bpf_htons(ETH_P_IPV6)) {
		struct ipv6hdr *ip6 = (void *)(eth + 1);
		struct udphdr *udp = (void *)(ip6 + 1);

		if ((void *)(ip6 + 1) > data_end)
			return XDP_PASS;
		if (ip6->nexthdr != IPPROTO_UDP)
			return XDP_PASS;
		key.from = udp->source; // want memory/packet-out-of-bounds "`udp->source` needs the first 56 bytes of the packet, but the check at line 78 proves the first 54 bytes" help "`if ((void *)(udp + 1) > data_end) return XDP_PASS;`" never "`ip6->nexthdr` needs"
		key.to = udp->dest;
	} else {
		return XDP_PASS;
	}
	bpf_map_update_elem(&pairs, &key, &one, BPF_ANY);
	return XDP_PASS;
}

SEC("tc")
int check_within_macros(struct __sk_buff *skb)
{
	void *at = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	struct ethhdr *eth = at;
	struct iphdr *ip;
	struct udphdr *udp;

	if ((void *)(eth + 1) > end)
		return 0;
	if (eth->h_proto != bpf_htons(ETH_P_IP))
		return 0;
	ip = (void *)(eth + 1);
	WANT(ip, end, 0); // note "the packet is compared with its end in this macro"
	if (ip->protocol != IPPROTO_UDP) // want memory/packet-out-of-bounds "the check in `WANT(ip, end, 0)` at line 104 proves the first 22 bytes"
		return 0;
	udp = (void *)(ip + 1);
	WANT(udp, end, 0);
	return udp->dest == bpf_htons(53) ? 2 : 0;
}

static __always_inline __u64 *count_of(struct bpf_sock_addr *ctx)
{
	__u32 key;

	switch (ctx->protocol) {
	case IPPROTO_TCP:
		key = ctx->user_ip4;
		return bpf_map_lookup_elem(&by_number, &key);
	case IPPROTO_UDP:
		key = ctx->user_port; // want register-type/modified-pointer-dereference "the address of `ctx->user_port`" help "behind line 121" never "`ctx->protocol`"
		return bpf_map_lookup_elem(&by_port, &key);
	}
	return NULL;
}

SEC("cgroup/connect4")
int member_read_in_a_callee(struct bpf_sock_addr *ctx)
{
	__u64 *count = count_of(ctx);

	if (!count)
		return ctx->protocol != IPPROTO_UDP;
	__sync_fetch_and_add(count, 1);
	return 1;
}

SEC("raw_tp/sys_enter")
int limit_lost_on_the_stack(struct bpf_raw_tracepoint_args *ctx)
{
	__u32 kind = ctx->args[1];
	struct report r;
	__u64 *n = bpf_map_lookup_elem(&by_number, &kind);

	if (!n)
		return 0;
	r.kind = kind;
	r.count = (__u8)*n; // note "the number is stored here, and read back without its limits"
	for (int i = 0; i < 4; i++) {
		if (i >= r.count)
			break;
		bpf_probe_read_kernel(&r.words[i], sizeof(r.words[i]), (void *)ctx->args[0] + 8 * i);
	}
	bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &r,
			      8 + r.count * sizeof(__u64)); // want call-type/unbounded-size "`r.count` is 0 to 255 when it is stored in line 148, but the verifier forgets that" help "limit that to 40 before the call" never "without an upper limit"
	return 0;
}

SEC("tc")
int remainder_as_index(struct __sk_buff *skb)
{
	__u32 key = skb->mark, pick;
	struct shelf *s = bpf_map_lookup_elem(&shelves, &key);

	if (!s || !s->filled)
		return 0;
	pick = bpf_get_prandom_u32() % s->filled;
	return s->book[pick] & 1; // want register-type/pointer-offset-unsafe "`pick` is the remainder of a division in line 167, of which the verifier keeps no limits" help "if (pick > 9) return 0;"
}

char LICENSE[] SEC("license") = "GPL";
