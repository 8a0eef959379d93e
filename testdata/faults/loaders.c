// SPDX-License-Identifier: GPL-2.0-only
// Maps that libbpf refuses and other loaders create, and one whose inner map user space sets: the programs that use them are judged.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct elements {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 8);
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 8);
#ifndef FIXED
	__uint(pinning, 100); // want loader/invalid-map-definition "With a loader that takes this one, it may stay"
#endif
} shared SEC(".maps");

#ifdef FIXED
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__type(key, __u32);
	__type(value, __u32);
	__uint(max_entries, 8);
} jumps SEC(".maps");
#else
struct definition {
	__u32 type, key_size, value_size, max_entries, flags, id, pinning;
};
struct definition jumps SEC("maps/jumps") = { // want loader/invalid-map-definition "libbpf gave up maps"
	BPF_MAP_TYPE_PROG_ARRAY, 4, 4, 8,
};
#endif

struct {
	__uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
	__uint(key_size, 4);
	__uint(value_size, 4);
	__uint(max_entries, 8);
#ifdef FIXED
	__array(values, struct elements);
#endif
} outer SEC(".maps"); // want loader/map-unsized "lacks `values`"

SEC("xdp")
int shared_value(struct xdp_md *ctx)
{
	__u32 key = 0;
	__u64 *count = bpf_map_lookup_elem(&shared, &key);

#ifdef FIXED
	if (!count)
		return XDP_DROP;
#endif
	*count += 1; // want register-type/nullable-dereference "`count`"
	return XDP_PASS;
}

SEC("xdp")
int jump(struct xdp_md *ctx)
{
	bpf_tail_call(ctx, &jumps, 0);
	return XDP_PASS;
}

SEC("xdp")
int inner_value(struct xdp_md *ctx)
{
	__u32 key = 0;
	__u64 *count, one = 1;
	void *inner = bpf_map_lookup_elem(&outer, &key);

	if (!inner)
		return XDP_PASS;
	count = bpf_map_lookup_elem(inner, &key);
	if (count)
		*count += 1;
	else
		bpf_map_update_elem(inner, &key, &one, BPF_ANY);
	return XDP_PASS;
}

SEC("xdp")
int inner_unchecked(struct xdp_md *ctx)
{
	__u32 key = 0;
	__u64 *count;
	void *inner = bpf_map_lookup_elem(&outer, &key);

	if (!inner)
		return XDP_PASS;
	count = bpf_map_lookup_elem(inner, &key);
#ifdef FIXED
	if (!count)
		return XDP_DROP;
#endif
	return *count & 1; // want register-type/nullable-dereference "`count`"
}

SEC("xdp")
int inner_kind(struct xdp_md *ctx) // want loader/unsupported-object "it depends on the inner map"
{
	__u32 key = 0;
	void *inner = bpf_map_lookup_elem(&outer, &key);

#ifdef FIXED
	return inner ? XDP_PASS : XDP_DROP;
#else
	if (inner)
		bpf_map_push_elem(inner, &key, 0);
	return XDP_PASS;
#endif
}

char _license[] SEC("license") = "GPL";
