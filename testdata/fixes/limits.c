// SPDX-License-Identifier: GPL-2.0-only
// Indexes and lengths with a limit that is missing, too large, or of one side only.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <bpf/bpf_helpers.h>

#define SLOTS 32

struct table {
	char name[64];
	__u64 slots[SLOTS];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct table);
} tables SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__type(key, __u32);
	__type(value, __u32);
} events SEC(".maps");

__u32 hits[100];

struct request {
	__u64 unused;
	long number;
	__u64 count;
	const char *text;
};

SEC("tc")
int one_too_many(struct __sk_buff *skb)
{
	__u32 zero = 0, i = skb->mark;
	struct table *t = bpf_map_lookup_elem(&tables, &zero);

	if (!t)
		return 0;
	if (i > SLOTS)
		return 0;
	t->slots[i]++; // fix limit
	return 0;
}

SEC("tc")
int far_too_many(struct __sk_buff *skb)
{
	__u32 zero = 0, i = skb->mark;
	struct table *t = bpf_map_lookup_elem(&tables, &zero);

	if (!t)
		return 0;
	if (i < 200)
		t->slots[i]++; // fix limit
	return 0;
}

SEC("tc")
int no_limit(struct __sk_buff *skb)
{
	__u32 zero = 0;
	struct table *t = bpf_map_lookup_elem(&tables, &zero);
	__u8 i = skb->mark;

	if (!t)
		return 0;
	t->slots[i]++; // fix limit
	return 0;
}

SEC("xdp")
int from_a_packet(struct xdp_md *ctx)
{
    void *data_end = (void *)(long)ctx->data_end;
    void *data = (void *)(long)ctx->data;
    struct iphdr *ip = data + ETH_HLEN;

    if ((void *)(ip + 1) > data_end)
        return XDP_PASS;
    hits[ip->tos]++; // fix limit
    return XDP_PASS;
}

SEC("tracepoint/syscalls/sys_enter_write")
int length_of_the_user(struct request *r)
{
	char text[64];
	__u64 count = r->count;

	if (bpf_probe_read_user(text, count, r->text)) // fix limit
		return 0;
	bpf_perf_event_output(r, &events, BPF_F_CURRENT_CPU, text, sizeof(text));
	return 0;
}

SEC("tc")
int nothing_to_load(struct __sk_buff *skb)
{
	char head[64];
	__u32 len = skb->len & 63;

	if (bpf_skb_load_bytes(skb, 0, head, len)) // fix limit
		return 0;
	return head[0] == 0 ? 2 : 0;
}

SEC("tc")
int length_above_the_room(struct __sk_buff *skb)
{
	char head[32];
	__u32 len = skb->len;

	if (len == 0 || len > 48)
		return 0;
	if (bpf_skb_load_bytes(skb, 0, head, len)) // fix limit
		return 0;
	return head[0] == 0 ? 2 : 0;
}

static long in_rounds(__u32 i, void *unused)
{
	hits[i]++; // fix limit
	return 0;
}

SEC("tc")
int a_callback(struct __sk_buff *skb)
{
	bpf_loop(100, in_rounds, 0, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
