// SPDX-License-Identifier: GPL-2.0-only
// What is put into a map of maps is like the template: for an array, entries included.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct counts {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u64);
} small SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
#ifdef FIXED
	__uint(max_entries, 4);
#else
	__uint(max_entries, 8);
#endif
	__type(key, __u32);
	__type(value, __u64);
} large SEC(".maps");

struct sums {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u64);
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 99);
	__type(key, __u32);
	__type(value, __u64);
} many SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 2);
	__uint(key_size, 4);
	__array(values, struct counts);
} by_cpu SEC(".maps") = {
	.values = {
		&small,
		(void *)&large, // want loader/shared-map "`large` cannot be an element of `by_cpu`: it has 8 entries, the template 4"
	},
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
	__uint(max_entries, 2);
	__uint(key_size, 4);
	__array(values, struct sums);
} by_key SEC(".maps") = {
	.values = { (void *)&many },
};

SEC("xdp")
int count(struct xdp_md *ctx)
{
	__u32 zero = 0;
	void *in = bpf_map_lookup_elem(&by_cpu, &zero);

	return in ? XDP_PASS : XDP_DROP;
}
