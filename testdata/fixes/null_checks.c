// SPDX-License-Identifier: GPL-2.0-only
// Pointers that may be NULL, used where a check can stand in several ways.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct seen {
	__u64 packets;
	__u32 last;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 256);
	__type(key, __u32);
	__type(value, struct seen);
} seen_by_if SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} news SEC(".maps");

#define COUNT(s) ((s)->packets++)

SEC("xdp")
int plain(struct xdp_md *ctx)
{
	__u32 key = ctx->ingress_ifindex;
	struct seen *s = bpf_map_lookup_elem(&seen_by_if, &key);

	s->packets++; // fix null-check
	return XDP_PASS;
}

SEC("xdp")
int other_verdict(struct xdp_md *ctx)
{
	__u32 key = ctx->ingress_ifindex;
	struct seen *s = bpf_map_lookup_elem(&seen_by_if, &key);

	if (key == 7)
		return XDP_ABORTED;
	/* The counter comes first. */
	s->packets++; // fix null-check
	return XDP_ABORTED;
}

SEC("tc")
int without_braces(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex;
	struct seen *s = bpf_map_lookup_elem(&seen_by_if, &key);

	if (skb->len > 1000)
		s->packets++; // fix null-check
	return 0;
}

SEC("tc")
int on_one_line(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex;
	struct seen *s = bpf_map_lookup_elem(&seen_by_if, &key);

	if (skb->len > 1000) s->last = skb->len; // fix null-check
	return 0;
}

SEC("tc")
int in_an_else(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex;
	struct seen *s = bpf_map_lookup_elem(&seen_by_if, &key);

	if (skb->len < 1000)
		key = 1;
	else
		s->last = skb->len; // fix null-check
	return key == 1;
}

SEC("tc")
int in_a_switch(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex;
	struct seen *s = bpf_map_lookup_elem(&seen_by_if, &key);

	switch (skb->mark) {
	case 1:
		s->packets++; // fix null-check
		break;
	default:
		return 1;
	}
	return 0;
}

SEC("tc")
int as_a_condition(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex;
	struct seen *s = bpf_map_lookup_elem(&seen_by_if, &key);

	if (s->packets > 100 && skb->len > 9) // fix null-check
		return 2;
	return 0;
}

SEC("tc")
int by_a_macro(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex;
	struct seen *s = bpf_map_lookup_elem(&seen_by_if, &key);

	COUNT(s); // fix null-check
	return 0;
}

static __noinline int count_in(struct seen *s, __u32 len)
{
	s->packets++; // fix null-check
	s->last = len;
	return len > 100;
}

SEC("tc")
int in_a_callee(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex;

	return count_in(bpf_map_lookup_elem(&seen_by_if, &key), skb->len);
}

SEC("tc")
int in_a_loop(struct __sk_buff *skb)
{
	struct seen *s;
	__u32 i;

	for (i = 0; i < 4; i++) {
		__u32 key = i;

		s = bpf_map_lookup_elem(&seen_by_if, &key);
		s->packets++; // fix null-check
	}
	return 0;
}

SEC("tc")
int reserved(struct __sk_buff *skb)
{
    struct seen *e = bpf_ringbuf_reserve(&news, sizeof(*e), 0);

    e->last = skb->len; // fix null-check
    bpf_ringbuf_submit(e, 0);
    return 0;
}

SEC("tc")
int with_a_record_in_hand(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex;
	struct seen *e, *s;

	e = bpf_ringbuf_reserve(&news, sizeof(*e), 0);
	if (!e)
		return 0;
	s = bpf_map_lookup_elem(&seen_by_if, &key);
	e->packets = s->packets; // fix null-check
	bpf_ringbuf_submit(e, 0);
	return 0;
}

SEC("cgroup_skb/egress")
int read_twice(struct __sk_buff *skb)
{
	return skb->sk->family == 2; // fix null-check
}

char LICENSE[] SEC("license") = "GPL";
