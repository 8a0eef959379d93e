// SPDX-License-Identifier: GPL-2.0-only
// A number in the place of a pointer is mostly a pointer that was found NULL, or one whose life ended.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define NULL ((void *)0)

struct entry {
	__u64 count, bytes;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} entries SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, struct entry);
} totals SEC(".maps");

SEC("tc")
int path_goes_on(struct __sk_buff *skb)
{
	__u32 key = skb->mark;
	struct entry *total = bpf_map_lookup_elem(&totals, &key);

	if (!total) // note "condition true: `!total`"
		bpf_printk("unknown mark %u", key);
	total->count++; // want register-type/scalar-dereference "Dereference of NULL: `total` is NULL on this path: `!total` at line 30 is true" help "end the `if` in line 30 with `return 0;`" never "plain number" never "bpf_probe_read"
	return 0;
}

SEC("tc")
int wrong_way_round(struct __sk_buff *skb)
{
	struct entry *e = bpf_ringbuf_reserve(&entries, sizeof(*e), 0);

	if (e == NULL) {
		bpf_ringbuf_discard(e, 0); // want call-type/wrong-argument-kind "`e` of bpf_ringbuf_discard() is NULL on this path: `e == NULL` at line 41 is true" help "the condition in line 41 is the wrong way round" never "a number" never "local memory"
		return 0;
	}
	e->bytes = skb->len;
	bpf_ringbuf_submit(e, 0);
	return 0;
}

SEC("tc")
int given_back_twice(struct __sk_buff *skb)
{
	struct entry *e = bpf_ringbuf_reserve(&entries, sizeof(*e), 0);

	if (!e)
		return 0;
	e->bytes = skb->len;
	if (skb->len > 9000)
		bpf_ringbuf_discard(e, 0); // note "`e` is no longer valid"
	bpf_ringbuf_submit(e, 0); // want call-type/wrong-argument-kind "Use of a stale pointer: `e` is passed to bpf_ringbuf_submit(), but it is not valid any more after bpf_ringbuf_discard() at line 59" help "Return after bpf_ringbuf_discard()" never "a number"
	return 0;
}

SEC("tc")
int set_to_null(struct __sk_buff *skb)
{
	struct bpf_sock_tuple tuple = {};
	struct bpf_sock *sk;

	if (skb->len < 60) {
		sk = NULL;
		goto out;
	}
	sk = bpf_sk_lookup_tcp(skb, &tuple, sizeof(tuple.ipv4), BPF_F_CURRENT_NETNS, 0);
	if (!sk)
		return 0;
out:
	bpf_sk_release(sk); // want call-type/wrong-argument-kind "`sk` of bpf_sk_release() is NULL on this path" never "local memory" never "a number"
	return 0;
}

struct stamp {
	__u32 mark;
	__u32 queue;
};

SEC("xdp")
int stale_data_of_metadata(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	struct stamp *stamp;

	if (bpf_xdp_adjust_meta(ctx, -(int)sizeof(*stamp)))
		return XDP_PASS;
	stamp = (void *)(long)ctx->data_meta;
	if ((void *)(stamp + 1) > data)
		return XDP_PASS;
	stamp->mark = 7; // want memory/packet-out-of-bounds "does not count: `data` is still that from before bpf_xdp_adjust_meta()" help "Read `data_meta` and `data` from the context again" never "data_end"
	return XDP_PASS;
}

SEC("tc")
int read_after_the_call(struct __sk_buff *skb)
{
	struct stamp *stamp = (void *)(long)skb->data;

	if ((void *)(stamp + 1) > (void *)(long)skb->data_end)
		return 0;
	bpf_skb_change_tail(skb, 60, 0);
	return stamp->mark; // want register-type/scalar-dereference "not valid any more after bpf_skb_change_tail()" help "or read `stamp->mark` into a variable before that call"
}

SEC("tc")
int read_before_the_call(struct __sk_buff *skb)
{
	struct stamp *stamp = (void *)(long)skb->data;
	__u32 mark;

	if ((void *)(stamp + 1) > (void *)(long)skb->data_end)
		return 0;
	mark = stamp->mark;
	bpf_skb_change_tail(skb, 60, 0);
	return mark;
}

char LICENSE[] SEC("license") = "GPL";
