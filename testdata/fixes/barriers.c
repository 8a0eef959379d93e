// SPDX-License-Identifier: GPL-2.0-only
// Limits of the source that the compiler makes one test of, of another number, or leaves out.
// clang: -mcpu=v3
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct line {
	__u32 start;
	char text[32];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, struct line);
} lines SEC(".maps");

__u64 seen;

SEC("tc")
int length_of_options(struct __sk_buff *skb)
{
	__u8 options[40] = {}, first;
	__u32 len;

	if (bpf_skb_load_bytes(skb, 14, &first, 1))
		return 0;
	len = (first & 15) * 4 - 20;
	if (len == 0 || len > sizeof(options))
		return 0;
	if (bpf_skb_load_bytes(skb, 34, options, len)) // fix barrier
		return 0;
	seen += options[0];
	return 0;
}

SEC("tc")
int not_empty_and_short(struct __sk_buff *skb)
{
	__u8 head[60] = {};
	__u32 len = skb->len - skb->mark;

	if (len < 1 || len > 60)
		return 0;
	if (bpf_skb_load_bytes(skb, 0, head, len)) // fix barrier
		return 0;
	seen += head[1];
	return 0;
}

SEC("tc")
int in_two_conditions(struct __sk_buff *skb)
{
	__u8 head[48] = {};
	__u32 len = skb->len - skb->mark;

	if (len == 0)
		return 0;
	if (len > 48)
		return 0;
	if (bpf_skb_load_bytes(skb, 0, head, len)) // fix barrier
		return 0;
	seen += head[1];
	return 0;
}

SEC("tc")
int into_a_map(struct __sk_buff *skb)
{
	__u32 key = 0, len = skb->len - skb->mark;
	struct line *l = bpf_map_lookup_elem(&lines, &key);

	if (!l || !len || len > sizeof(l->text))
		return 0;
	bpf_skb_load_bytes(skb, 0, l->text, len); // fix barrier
	return 0;
}

SEC("tc")
int inside_of_both(struct __sk_buff *skb)
{
	__u8 head[33] = {};
	__u32 len = skb->len - skb->mark;

	if (len > 0 && len <= 33) {
		if (bpf_skb_load_bytes(skb, 0, head, len)) // fix barrier
			return 0;
		seen += head[1];
	}
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
