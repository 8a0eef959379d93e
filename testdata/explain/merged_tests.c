// SPDX-License-Identifier: GPL-2.0-only
// Limits that hold in C, and for which the compiler tests another number.
// Compiled with CFLAGS=-mcpu=v2, whose tests are all of 64 bits.
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
int two_comparisons(struct __sk_buff *skb)
{
	__u8 options[40] = {}, first;
	__u32 len;

	if (bpf_skb_load_bytes(skb, 14, &first, 1))
		return 0;
	len = (first & 15) * 4 - 20;
	if (len == 0 || len > sizeof(options))
		return 0;
	if (bpf_skb_load_bytes(skb, 34, options, len)) // want call-type/negative-size "Size has no limit for the verifier" "the condition `len > sizeof(options)` in line 30 limits `len` in C, but what the compiler tests for it is not the number that is used here" help "before line 30, and make `len` a variable of 64 bits or compile with `-mcpu=v3`" never "wraps" never "Check before line"
		return 0;
	seen += options[0];
	return 0;
}

SEC("tc")
int with_its_barrier(struct __sk_buff *skb)
{
	__u8 options[40] = {}, first;
	__u64 len;

	if (bpf_skb_load_bytes(skb, 14, &first, 1))
		return 0;
	len = (first & 15) * 4 - 20;
	asm volatile("" : "+r"(len));
	if (len == 0 || len > sizeof(options))
		return 0;
	if (bpf_skb_load_bytes(skb, 34, options, len))
		return 0;
	seen += options[0];
	return 0;
}

SEC("tc")
int not_zero_in_c(struct __sk_buff *skb)
{
	__u8 options[40] = {}, first;
	__u32 len;

	if (bpf_skb_load_bytes(skb, 14, &first, 1) || (first & 15) < 5)
		return 0;
	len = (first & 15) * 4 - 20;
	if (len == 0 || len > sizeof(options))
		return 0;
	if (bpf_skb_load_bytes(skb, 34, options, len)) // want call-type/zero-size "the condition `len == 0` in line 65 keeps `len` from being zero in C" help "before line 65" never "Check that the size is above 0"
		return 0;
	seen += options[0];
	return 0;
}

SEC("tc")
int changed_behind_the_check(struct __sk_buff *skb)
{
	__u8 options[40] = {}, first;
	__u64 len;

	if (bpf_skb_load_bytes(skb, 14, &first, 1))
		return 0;
	len = first;
	if (len > sizeof(options))
		return 0;
	len = len * 4 - 20;
	if (bpf_skb_load_bytes(skb, 34, options, len)) // want call-type/negative-size "line 84 subtracts 20 from" never "in C"
		return 0;
	seen += options[0];
	return 0;
}

SEC("tc")
int counts_down(struct __sk_buff *skb)
{
	__u32 key = skb->mark;
	struct line *l = bpf_map_lookup_elem(&lines, &key);
	__u64 dot = 0, len = skb->len;

	if (!l || len > 31)
		return 0;
	for (int i = len; i >= 0; i--) {
		if (l->text[i] == '.') { // want memory/unbounded-offset "the condition `i >= 0` in line 100 limits `i` in C" help "Make `i` a variable of 64 bits, or compile with `-mcpu=v3`" never "wraps" never "i <= 0"
			dot = i;
			break;
		}
	}
	seen = dot;
	return 0;
}

SEC("tc")
int counts_down_in_64_bits(struct __sk_buff *skb)
{
	__u32 key = skb->mark;
	struct line *l = bpf_map_lookup_elem(&lines, &key);
	__u64 dot = 0, len = skb->len;

	if (!l || len > 31)
		return 0;
	for (long i = len; i >= 0; i--) {
		if (l->text[i] == '.') {
			dot = i;
			break;
		}
	}
	seen = dot;
	return 0;
}

SEC("tc")
int counts_down_from_too_much(struct __sk_buff *skb)
{
	__u32 key = skb->mark;
	struct line *l = bpf_map_lookup_elem(&lines, &key);
	int len, dot = 0;

	if (!l)
		return 0;
	len = bpf_probe_read_kernel_str(l->text, sizeof(l->text), skb);
	if (len < 0 || len > 32)
		return 0;
	for (int i = len; i >= 0; i--) {
		if (l->text[i] == '.') { // want memory/unbounded-offset "only up to 31 are" help "Compile with `-mcpu=v3`" "and leave before this line where it is too large" never "variable of 64 bits"
			dot = i;
			break;
		}
	}
	seen = dot;
	return 0;
}

__u64 levels[8];

SEC("tc")
int tested_apart(struct __sk_buff *skb)
{
	__u32 level = skb->queue_mapping;

	if (level > 8)
		return 0;
	if (level == 0)
		return 0;
	levels[level - 1]++; // want memory/unbounded-offset "the condition `level == 0` in line 160 limits `level` in C, from which line 162 subtracts 1" help "write `if (level == 0 || level > 8)` in line 158, and leave out the condition in line 160" never "wraps"
	return 0;
}

SEC("tc")
int tested_together(struct __sk_buff *skb)
{
	__u32 level = skb->queue_mapping;

	if (level == 0 || level > 8)
		return 0;
	levels[level - 1]++;
	return 0;
}

char _license[] SEC("license") = "GPL";
