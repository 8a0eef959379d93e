// SPDX-License-Identifier: GPL-2.0-only
// Packets: what was not compared with the end, and what else is wrong there.
#include "several.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u32);
} blocked SEC(".maps");

__u8 table[32];

SEC("xdp")
int header_and_counter(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end __attribute__((unused)) = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	__u32 key = ctx->rx_queue_index;
	__u64 *count;

	MEND(if (data + sizeof(*eth) > end) return XDP_PASS;)
	if (eth->h_proto != bpf_htons(ETH_P_IP)) // first memory/packet-out-of-bounds
		return XDP_PASS;
	count = bpf_map_lookup_elem(&counts, &key);
	*count += 1; // beyond register-type/nullable-dereference
	return XDP_PASS;
}

SEC("xdp")
int udp_behind_options(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end __attribute__((unused)) = (void *)(long)ctx->data_end;
	struct iphdr *ip = data + sizeof(struct ethhdr);
	struct udphdr *udp;
	__u32 key = 0;
	__u32 *rule;

	if (data + sizeof(struct ethhdr) + sizeof(*ip) > end)
		return XDP_PASS;
	key = ip->saddr;
	rule = bpf_map_lookup_elem(&blocked, &key);
	MEND(if (!rule) return XDP_PASS;)
	if (*rule == 1) // first register-type/nullable-dereference
		return XDP_DROP;
	udp = (void *)ip + ip->ihl * 4;
	return udp->dest == bpf_htons(53) ? XDP_DROP : XDP_PASS; // beyond memory/packet-out-of-bounds
}

SEC("xdp")
int two_packet_pointers(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end __attribute__((unused)) = (void *)(long)ctx->data_end;
	struct iphdr *ip = data + sizeof(struct ethhdr);
	__u8 *payload;

	MEND(if ((void *)(ip + 1) > end) return XDP_PASS;)
	if (ip->protocol != IPPROTO_UDP) // first memory/packet-out-of-bounds
		return XDP_PASS;
	payload = data + (ip->tot_len & 0xff) + 60;
	if (payload[0] == 7) // beyond memory/packet-out-of-bounds
		return XDP_DROP;
	return XDP_PASS;
}

SEC("xdp")
int verdict_of_table(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end __attribute__((unused)) = (void *)(long)ctx->data_end;
	__u8 *type = data + 12;
	__u32 at = ctx->rx_queue_index;

	MEND(if ((void *)(type + 1) > end) return XDP_PASS;)
	if (*type == 8) // first memory/packet-out-of-bounds
		return XDP_PASS;
	return table[at] == 3 ? XDP_DROP : XDP_PASS; // beyond memory/unbounded-offset
}

SEC("tc")
int write_and_index(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data, *end __attribute__((unused)) = (void *)(long)skb->data_end;
	struct ethhdr *eth = data;
	__u32 at = skb->mark;

	MEND(if ((void *)(eth + 1) > end) return 0;)
	eth->h_dest[0] = 1; // first memory/packet-out-of-bounds
	table[at] = 4; // beyond memory/unbounded-offset
	return 0;
}

SEC("tc")
int stale_after_pull(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data, *end __attribute__((unused)) = (void *)(long)skb->data_end;
	__u32 key = skb->ifindex;
	struct ethhdr *eth = data;
	__u32 *rule = bpf_map_lookup_elem(&blocked, &key);

	if ((void *)(eth + 1) > end)
		return 0;
	MEND(if (!rule) return 0;)
	if (*rule == 5) // first register-type/nullable-dereference
		return 2;
	bpf_skb_pull_data(skb, 60);
	return eth->h_proto == 8; // beyond register-type/scalar-dereference
}

SEC("xdp")
int ports_and_verdict(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end __attribute__((unused)) = (void *)(long)ctx->data_end;
	struct tcphdr *tcp = data + 34;
	__u32 key;
	__u32 *rule;

	if ((void *)(tcp + 1) > end)
		return XDP_PASS;
	if (tcp->dest == bpf_htons(22)) {
		key = 22;
		rule = bpf_map_lookup_elem(&blocked, &key);
		if (rule)
			return XDP_DROP;
		return *(__u8 *)(data + PICK(200, 30)); // first memory/packet-out-of-bounds
	}
	key = tcp->source;
	rule = bpf_map_lookup_elem(&blocked, &key);
	return *rule; // beyond register-type/nullable-dereference
}

SEC("tc")
int length_of_helper(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex, wanted = skb->mark;
	__u32 *rule;

	MEND(wanted &= 31;)
	MEND(if (!wanted) return 0;)
	bpf_skb_load_bytes(skb, 0, table, wanted); // first call-type/zero-size
	rule = bpf_map_lookup_elem(&blocked, &key);
	return *rule; // beyond register-type/nullable-dereference
}

SEC("xdp")
int loop_over_bytes(struct xdp_md *ctx)
{
	__u8 *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	__u32 at = ctx->rx_queue_index, sum = 0, i;

	MEND(if (data + 16 > end) return XDP_PASS;)
	for (i = 0; i < 16; i++)
		sum += data[i]; // first memory/packet-out-of-bounds
	sum += table[at]; // beyond memory/unbounded-offset
	return sum == 9 && data < end ? XDP_DROP : XDP_PASS;
}

SEC("xdp")
int after_adjusting(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end __attribute__((unused)) = (void *)(long)ctx->data_end;
	__u32 at = ctx->rx_queue_index;
	struct ethhdr *eth = data;

	if ((void *)(eth + 1) > end)
		return XDP_PASS;
	MEND(at &= 31;)
	table[at] = eth->h_source[0]; // first memory/unbounded-offset
	if (bpf_xdp_adjust_head(ctx, 8))
		return XDP_DROP;
	eth->h_dest[0] = 2; // beyond register-type/scalar-dereference
	return XDP_TX;
}
