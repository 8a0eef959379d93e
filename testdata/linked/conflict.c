// SPDX-License-Identifier: GPL-2.0-only
// Contradicts other.c in what WHICH says.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#if WHICH == 1 // defined by both
int add(int a, int b)
{
	return a - b;
}

#elif WHICH == 2 // another prototype
extern int add(int a, long b);

#elif WHICH == 3 // another map
extern struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 5);
	__type(key, __u32);
	__type(value, __u64);
} entries SEC(".maps");

#elif WHICH == 4 // another type
extern long limit;
#endif

SEC("tc")
int third(struct __sk_buff *skb)
{
#if WHICH == 2
	return add(1, 2);
#elif WHICH == 3
	__u32 key = 0;

	return !bpf_map_lookup_elem(&entries, &key);
#elif WHICH == 4
	return limit;
#else
	return 0;
#endif
}

char LICENSE[] SEC("license") =
#if WHICH == 5
	"Dual BSD/GPL";
#else
	"GPL";
#endif
