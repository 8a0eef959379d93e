// SPDX-License-Identifier: GPL-2.0-only
// How a check leaves a loop, which member a pointer is read from, addresses that are cut to 32
// bits, and which variable moved a pointer.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

struct tally {
	__u64 hits, misses;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, struct tally);
} tallies SEC(".maps");

struct both {
	struct tally *good, *bad;
	__u32 seen;
};

SEC("xdp")
int sums_up(struct xdp_md *ctx)
{
	__u8 *bytes = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	__u32 sum = 0, key = 1;
	struct tally *t;

	if (bytes + 1 > end)
		return XDP_PASS;
	for (int i = 0; i < 24; i++)
		sum += bytes[i]; // want memory/packet-out-of-bounds "`bytes[i]`" help "`if ((void *)(bytes + i + 1) > end) break;`" never "Check for"
	t = bpf_map_lookup_elem(&tallies, &key);
	if (t)
		t->hits = sum;
	return XDP_PASS;
}

SEC("xdp")
int searches(struct xdp_md *ctx)
{
	__u32 total = 0;

	for (__u32 i = 0; i < 4; i++) {
		__u32 key = i;
		struct tally *t = bpf_map_lookup_elem(&tallies, &key);

		total += t->misses; // want register-type/nullable-dereference "`t`" help "Insert `if (!t) return XDP_PASS;` before this line"
	}
	return total > 100 ? XDP_DROP : XDP_PASS;
}

SEC("xdp")
int goes_on(struct xdp_md *ctx)
{
	__u32 total = 0;

	for (__u32 i = 0; i < 4; i++) {
		__u32 key = i, other = i + 7;
		struct tally *t = bpf_map_lookup_elem(&tallies, &key), *u;

		if (!t)
			continue;
		total += t->hits;
		u = bpf_map_lookup_elem(&tallies, &other);
		total += u->misses; // want register-type/nullable-dereference "`u`" help "Insert `if (!u) continue;` before this line"
	}
	return total > 100 ? XDP_DROP : XDP_PASS;
}

static __noinline int count(struct both *b, __u32 by)
{
	b->seen++;
	b->bad->misses += by; // want register-type/nullable-dereference "`b->bad`" help "!b->bad" never "!mine"
	return b->seen;
}

SEC("xdp")
int through_a_member(struct xdp_md *ctx)
{
	__u32 key = ctx->rx_queue_index;
	struct both mine = {};

	mine.bad = bpf_map_lookup_elem(&tallies, &key);
	return count(&mine, 3) > 5 ? XDP_DROP : XDP_PASS;
}

SEC("xdp")
int kept_in_a_number(struct xdp_md *ctx)
{
	__u32 key = ctx->rx_queue_index, place;
	struct tally *t = bpf_map_lookup_elem(&tallies, &key);

	if (!t)
		return XDP_PASS;
	place = (__u32)(long)t;
	t = (struct tally *)(long)place; // want register-type/pointer-arith-operator "`t` holds a pointer, and this line cuts it to 32 bits, the size of `place` (`__u32`)" help "declare `place` as a `__u64`" never "compute the offset"
	t->hits++;
	return XDP_PASS;
}

SEC("xdp")
int kept_in_a_member(struct xdp_md *ctx)
{
	__u32 key = ctx->rx_queue_index;
	struct tally *t = bpf_map_lookup_elem(&tallies, &key);
	volatile struct { __u32 at, len; } kept;

	if (!t)
		return XDP_PASS;
	kept.at = (__u32)(long)t; // want memory/partial-spill "`kept.at` has 4 bytes, and a pointer has 8" help "make `kept.at` 8 bytes long"
	return ((struct tally *)(long)kept.at)->hits;
}

SEC("xdp")
int moved_before_the_loop(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct iphdr *ip = data + sizeof(struct ethhdr);
	__u32 head, key = 2;
	struct tally *t;
	void *text;

	if ((void *)(ip + 1) > end)
		return XDP_PASS;
	head = ip->ihl * 4;
	text = (void *)ip + head; // note "the offset is added here"
	if (text + 8 > end)
		return XDP_PASS;
	t = bpf_map_lookup_elem(&tallies, &key);
	if (!t)
		return XDP_PASS;
	for (int i = 0; i < 20; i++)
		t->hits += *((__u8 *)text + i); // want memory/packet-out-of-bounds "`head` (0 to 60)" never "`i` ("
	return XDP_PASS;
}

SEC("xdp")
int noted_elsewhere(struct xdp_md *ctx)
{
	struct ethhdr *eth = (void *)(long)ctx->data;
	void *end = (void *)(long)ctx->data_end;
	struct ipv6hdr *six;

	if ((void *)(eth + 1) > end)
		return XDP_PASS;
	if (eth->h_proto != bpf_htons(ETH_P_IPV6))
		return XDP_PASS;
	six = (struct ipv6hdr *)(eth + 1);
	if ((void *)six + sizeof(struct iphdr) > end)
		return XDP_PASS;
	if (six->nexthdr != 17)
		return XDP_PASS;
	return bpf_map_lookup_elem(&tallies, &six->daddr) ? XDP_DROP : XDP_PASS; // want memory/packet-out-of-bounds "but the check at line 155 proves the first 34 bytes" help "> end) return XDP_PASS;`"
}

static __always_inline void turn(struct ethhdr *frame)
{
	frame->h_dest[0] = frame->h_source[5]; // want memory/packet-out-of-bounds "first 12 bytes" never "> end)" never "ctx->data_end"
}

SEC("xdp")
int known_to_the_caller(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;

	if ((void *)((__u64 *)data + 1) > end)
		return XDP_PASS;
	turn(data);
	return XDP_TX;
}

SEC("xdp")
int atomically(struct xdp_md *ctx)
{
	struct tally *head = (void *)(long)ctx->data;
	void *end = (void *)(long)ctx->data_end;

	if ((void *)(head + 1) > end)
		return XDP_PASS;
	__sync_fetch_and_add(&head->misses, 1); // want register-type/atomic-forbidden "`head->misses` is packet data"
	return XDP_PASS;
}

struct {
	__uint(type, BPF_MAP_TYPE_STACK);
	__uint(max_entries, 8);
	__type(value, __u32);
} spares SEC(".maps"); // one of the maps that have no keys

SEC("xdp")
int without_keys(struct xdp_md *ctx)
{
	__u32 key = 0;

	return bpf_map_lookup_elem(&spares, &key) ? XDP_PASS : XDP_DROP; // want call-type/zero-size "`spares` is a BPF_MAP_TYPE_STACK" "which has no keys" help "bpf_map_pop_elem()" never "size is above"
}

struct plane {
	__u32 cells[12][16];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct plane);
} planes SEC(".maps");

SEC("xdp")
int two_indexes(struct xdp_md *ctx)
{
	__u32 key = 0;
	__u64 row = ctx->rx_queue_index, cell = ctx->ingress_ifindex;
	struct plane *p = bpf_map_lookup_elem(&planes, &key);

	if (!p || row >= 12 || cell > 16)
		return XDP_PASS;
	return p->cells[row][cell]; // want memory/out-of-bounds "is not inside the value of map `planes`" never "here, but" never "if (row"
}

SEC("xdp")
int combined(struct xdp_md *ctx)
{
	struct ethhdr *eth = (void *)(long)ctx->data;
	void *end = (void *)(long)ctx->data_end;
	struct iphdr *four;
	struct ipv6hdr *six;

	if ((void *)(eth + 1) > end)
		return XDP_PASS;
	four = (void *)(eth + 1);
	six = (void *)(eth + 1);
	if ((void *)(four + 1) > end)
		return XDP_PASS;
	if (eth->h_proto == bpf_htons(ETH_P_IP))
		return four->protocol == 1 ? XDP_DROP : XDP_PASS;
	if (eth->h_proto == bpf_htons(ETH_P_IPV6))
		return six->daddr.in6_u.u6_addr32[3] ? XDP_DROP : XDP_PASS; // want memory/packet-out-of-bounds "`six->daddr.in6_u.u6_addr32[3]` needs the first 54 bytes" never "`eth->h_proto` needs"
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
