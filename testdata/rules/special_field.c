// SPDX-License-Identifier: GPL-2.0-only
// Values that each CPU has for itself cannot hold timers.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct timed {
	__u64 count;
	struct bpf_timer timer; // want loader/special-field ""
};

struct timed_once {
	__u64 count;
	struct bpf_timer timer;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, struct timed);
	__uint(max_entries, 1);
} counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, struct timed_once);
	__uint(max_entries, 1);
} all_counts SEC(".maps");

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u32 key = 0;
	struct timed *timed = bpf_map_lookup_elem(&counts, &key);

	if (timed)
		timed->count++;
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u32 key = 0;
	struct timed_once *timed = bpf_map_lookup_elem(&all_counts, &key);

	if (timed)
		timed->count++;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
