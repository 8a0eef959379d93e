// SPDX-License-Identifier: GPL-2.0-only
// Memory that is smaller than the type that it is taken for, and members of packed structures,
// which the compiler reads in parts.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct limits {
	__u64 low, high, used;
};

struct slot {
	__u32 id, owner;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, struct slot);
} slots SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 8);
	__type(key, __u32);
	__uint(value_size, 12);
} blobs SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

__attribute__((noinline)) int within(struct limits *bounds)
{
	if (!bounds)
		return 0;
	return bounds->low < bounds->high && bounds->used < bounds->high;
}

__attribute__((noinline)) int first_of(const __u64 *numbers)
{
	return numbers ? *numbers : 0;
}

SEC("tc")
int local_variable(struct __sk_buff *skb)
{
	struct slot own = { skb->mark, 1 }; // note "`own` is declared here"

	return within((void *)&own); // want call-type/global-function-argument "may access all 24 bytes that its parameter `bounds` points to, a `struct limits`, but `own` has 8 bytes (declared in line 49)" help "a `struct limits`" never "static"
}

SEC("tc")
int map_value(struct __sk_buff *skb)
{
	__u32 key = skb->mark;
	struct slot *s = bpf_map_lookup_elem(&slots, &key);

	if (!s)
		return 0;
	return within((struct limits *)s); // want call-type/global-function-argument "a `struct limits`, but the values of map `slots` have 8 bytes"
}

SEC("tc")
int record(struct __sk_buff *skb)
{
	void *r = bpf_ringbuf_reserve(&events, 16, 0);

	if (!r)
		return 0;
	skb->mark = within(r); // want call-type/global-function-argument "the memory that is passed has 16 bytes"
	bpf_ringbuf_submit(r, 0);
	return 0;
}

SEC("tc")
int number(struct __sk_buff *skb)
{
	__u32 mark = skb->mark;

	return first_of((const __u64 *)&mark); // want call-type/global-function-argument "parameter `numbers` points to, a `__u64`, but `mark` has 4 bytes"
}

struct tally {
	__u64 hits, misses;
};

SEC("tc")
int larger_type(struct __sk_buff *skb)
{
	__u32 key = skb->mark;
	struct tally *t = bpf_map_lookup_elem(&blobs, &key);

	if (!t)
		return 0;
	t->misses++; // want memory/out-of-bounds "`t->misses` is bytes 8 to 15 of the `struct tally`, but the values of map `blobs` have 12 bytes" help "`__type(value, struct tally)`" never "index"
	return 0;
}

struct frame {
	__u8 kind;
	__u32 id;
	struct {
		__u8 flags;
		__u16 port;
	} __attribute__((packed)) to;
	__u64 at;
} __attribute__((packed));

SEC("xdp")
int packed_member(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct frame *f = data;

	if (data + 3 > end)
		return XDP_PASS;
	return f->id == 9 ? XDP_DROP : XDP_PASS; // want memory/packet-out-of-bounds "`f->id` needs the first 5 bytes of the packet" help "`if (data + 5 > end)`"
}

SEC("xdp")
int packed_behind(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct frame *f = data + sizeof(struct slot);

	if ((void *)f + 7 > end)
		return XDP_PASS;
	return f->to.port == 9 ? XDP_DROP : XDP_PASS; // want memory/packet-out-of-bounds "`f->to.port` needs the first 16 bytes of the packet, but the check at line 128 proves the first 15 bytes"
}

SEC("xdp")
int packed_variable(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct slot *s = data;
	struct frame *f;

	if ((void *)(s + 1) > end)
		return XDP_PASS;
	f = data + (s->id & 31);
	if ((void *)f + 12 > end)
		return XDP_PASS;
	return f->at == 9 ? XDP_DROP : XDP_PASS; // want memory/packet-out-of-bounds "`f->at` needs bytes 8 to 15 behind `f`, but the check at line 143 proves 12 bytes behind `f`"
}

char _license[] SEC("license") = "GPL";
