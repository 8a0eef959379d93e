// SPDX-License-Identifier: GPL-2.0-only
// bpf_loop() is between the callback and the program that an exception would
// end.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern void bpf_throw(__u64 cookie) __ksym;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u64);
} limits SEC(".maps");

static int throwing(__u32 i, __u64 *sum)
{
	__u64 *limit = bpf_map_lookup_elem(&limits, &i);

	if (!limit)
		bpf_throw(0); // want execution-context/throw-from-callback "cannot be called from callback subprog"
	*sum += *limit;
	return 0;
}

static int stopping(__u32 i, __u64 *sum)
{
	__u64 *limit = bpf_map_lookup_elem(&limits, &i);

	if (!limit)
		return 1;
	*sum += *limit;
	return 0;
}

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u64 sum = 0;

	bpf_loop(64, throwing, &sum, 0);
	return sum > skb->len;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u64 sum = 0;

	if (bpf_loop(64, stopping, &sum, 0) != 64)
		bpf_throw(0);
	return sum > skb->len;
}

char LICENSE[] SEC("license") = "GPL";
