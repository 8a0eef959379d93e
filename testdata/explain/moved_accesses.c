// SPDX-License-Identifier: GPL-2.0-only
// The compiler may move the first access of the source behind a later one: the check goes before the first.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct tally {
	__u64 packets, bytes, last;
};

struct tally sum;

__attribute__((noinline)) int count(struct tally *t, __u32 length)
{
	t->packets++;
	t->last = 7; // want register-type/nullable-dereference "`t`, a piece of memory, may be NULL" help "Insert `if (!t) return 0;` before line 14, which uses `t` first" never "before this line"
	t->bytes += length;
	return t->packets & 1;
}

SEC("tc")
int sums(struct __sk_buff *skb)
{
	return count(&sum, skb->len);
}

// Nothing comes before the access of a condition that guards the other.
__attribute__((noinline)) int keep(struct tally *t, __u32 length)
{
	if (length > 9000 && t->last) // want register-type/nullable-dereference "`t`" help "Insert `if (!t) return 1;` before this line" never "before line"
		return 1;
	return t ? 2 : 0;
}

SEC("tc")
int keeps(struct __sk_buff *skb)
{
	return keep(&sum, skb->len);
}

struct tag {
	__u32 kind, flow;
};

SEC("xdp")
int metadata(struct xdp_md *ctx)
{
	struct tag *tag;

	if (bpf_xdp_adjust_meta(ctx, -8))
		return XDP_ABORTED;
	tag = (void *)(long)ctx->data_meta;
	if ((void *)(tag + 1) > (void *)(long)ctx->data_end)
		return XDP_DROP;
	tag->kind = 8;
	tag->flow = 9; // want memory/packet-out-of-bounds "`tag->flow` needs the first 8 bytes of the metadata" help "Before line 54, which uses `tag` first, compare" "`if ((void *)(tag + 1) > (void *)(long)ctx->data) return" never "before this line"
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
