// SPDX-License-Identifier: GPL-2.0-only
// A program can use 64 maps.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define MAP(name)                                 \
	struct {                                  \
		__uint(type, BPF_MAP_TYPE_ARRAY); \
		__uint(max_entries, 1);           \
		__type(key, __u32);               \
		__type(value, __u64);             \
	} name SEC(".maps");
#define LOOKUP(name) bpf_map_lookup_elem(&name, &key);
#define EIGHT(do, name) do(name##0) do(name##1) do(name##2) do(name##3) do(name##4) do(name##5) do(name##6) do(name##7)
#define ALL(do) EIGHT(do, a) EIGHT(do, b) EIGHT(do, c) EIGHT(do, d) EIGHT(do, e) EIGHT(do, f) EIGHT(do, g) EIGHT(do, h)

ALL(MAP)
MAP(one_more)

SEC("xdp")
int bad(struct xdp_md *ctx)
{
	__u32 key = 0;

	ALL(LOOKUP)
	LOOKUP(one_more) // want verifier-limit/table-size "The total number of maps per program has reached the limit of 64"
	return XDP_PASS;
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	__u32 key = 0;

	ALL(LOOKUP)
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
