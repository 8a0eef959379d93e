// SPDX-License-Identifier: GPL-2.0-only
// Comparisons that let one value too much pass.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define RINGS 16

struct queues {
	__u64 bytes[RINGS];
};

struct ports {
	__u32 used[24];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct queues);
} state SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct ports);
} ports SEC(".maps");

SEC("tc")
int by_a_macro(struct __sk_buff *skb)
{
	__u32 zero = 0, ring = skb->queue_mapping;
	struct queues *q = bpf_map_lookup_elem(&state, &zero);

	if (!q || ring > RINGS)
		return 0;
	q->bytes[ring] = 1; // fix limit
	return 0;
}

SEC("tc")
int around_the_access(struct __sk_buff *skb)
{
	__u32 zero = 0, port = skb->mark;
	struct ports *p = bpf_map_lookup_elem(&ports, &zero);

	if (p && port <= 24)
		p->used[port]++; // fix limit
	return 0;
}

SEC("xdp")
int in_another_branch(struct xdp_md *ctx)
{
	__u32 zero = 0, n = ctx->rx_queue_index;
	struct queues *q = bpf_map_lookup_elem(&state, &zero);

	if (!q)
		return XDP_ABORTED;
	if (n > RINGS) {
		return XDP_DROP;
	} else {
		q->bytes[n]++; // fix limit
	}
	return XDP_PASS;
}

SEC("tc")
int in_a_loop(struct __sk_buff *skb)
{
	__u32 zero = 0, i;
	struct queues *q = bpf_map_lookup_elem(&state, &zero);

	if (!q)
		return 0;
	for (i = 0; i <= 16; i++)
		q->bytes[i] = 0; // fix limit
	return 0;
}

SEC("tc")
int as_a_length(struct __sk_buff *skb)
{
	__u64 len = skb->len;
	__u8 head[40];

	if (len == 0 || len > 41)
		return 0;
	if (bpf_skb_load_bytes(skb, 0, head, len)) // fix limit
		return 0;
	return head[0];
}

char LICENSE[] SEC("license") = "GPL";
