// SPDX-License-Identifier: GPL-2.0-only
// Indexes and lengths that a check limits, or a mask.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct ring {
	__u32 head;
	__u64 slots[64];
};

struct text {
	char bytes[64];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct ring);
} rings SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct text);
} texts SEC(".maps");

struct request {
	__u64 unused;
	long number;
	__u64 count;
	const char *text;
};

__u64 by_hash[256];

SEC("tc")
int a_ring(struct __sk_buff *skb)
{
	__u32 zero = 0, head;
	struct ring *r = bpf_map_lookup_elem(&rings, &zero);

	if (!r)
		return 0;
	head = r->head;
	r->slots[head] = skb->len; // fix limit, or & 63
	return 0;
}

SEC("tc")
int a_table(struct __sk_buff *skb)
{
	__u32 hash = skb->hash;

	by_hash[hash] += skb->len; // fix limit, or & 255
	return 0;
}

SEC("tc")
int on_the_stack(struct __sk_buff *skb)
{
	__u8 bytes[16] = {};
	__u64 i = skb->mark;

	if (bpf_skb_load_bytes(skb, 0, bytes, sizeof(bytes)))
		return 0;
	return bytes[i]; // fix limit, or & 15
}

SEC("tracepoint/syscalls/sys_enter_write")
int a_length(struct request *r)
{
	__u64 count = r->count;
	char text[128];

	if (bpf_probe_read_user(text, count, r->text)) // fix limit, or & 127
		return 0;
	return text[0] == '/';
}

SEC("tracepoint/syscalls/sys_enter_write")
int a_length_in_a_map(struct request *r)
{
	__u64 count = r->count;
	__u32 zero = 0;
	struct text *t = bpf_map_lookup_elem(&texts, &zero);

	if (!t)
		return 0;
	bpf_probe_read_user(t->bytes, count, r->text); // fix limit, or & 63
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
