// SPDX-License-Identifier: GPL-2.0-only
// Programs that take much to verify.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 256);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps");

__u8 data[4096];

SEC("tc")
int too_many_rounds(struct __sk_buff *skb)
{
	__u64 sum = 0;
	__u32 i;

	for (i = 0; i < 400000; i++)
		sum += data[(sum ^ i) & 4095];
	return sum & 1;
}

SEC("tc")
int branches_in_rounds(struct __sk_buff *skb)
{
	__u32 hits = 0, i;

	for (i = 0; i < 300; i++) {
		__u32 at = i & 255;
		__u64 *n = bpf_map_lookup_elem(&counts, &at);

		if (n && *n > i)
			hits += i;
		data[hits & 4095] = i;
		data[(hits * hits) & 4095] = hits;
		if (hits > 100000)
			data[0] = 1;
	}
	return hits > 3;
}

static __attribute__((noinline)) __u32 fill(__u32 seed)
{
	volatile __u8 room[100];

	room[seed & 63] = seed;
	return room[seed & 31];
}

static __attribute__((noinline)) __u32 fill_more(__u32 seed)
{
	volatile __u8 room[40];

	room[seed & 31] = seed;
	return fill(room[seed & 15]);
}

SEC("tc")
int loops_that_end(struct __sk_buff *skb)
{
	__u32 sum = 0, i, j;

	for (i = 0; i < 40; i++) {
		data[i] = bpf_get_prandom_u32();
		for (j = 0; j < 25; j++)
			sum += data[(sum + j) & 4095];
	}
	return fill(sum) + fill_more(skb->len);
}

char LICENSE[] SEC("license") = "GPL";
