// SPDX-License-Identifier: GPL-2.0-only
// A program that is a static function, and a map in the form that libbpf gave up.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#ifdef FIXED
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 1);
} counts SEC(".maps");
#else
struct definition {
	__u32 type, key_size, value_size, max_entries;
};
struct definition counts SEC("maps") = { // want loader/invalid-map-definition "libbpf gave up maps that are defined as `struct bpf_map_def`"
	BPF_MAP_TYPE_ARRAY, 4, 8, 1,
};
#endif

SEC("xdp")
#ifdef FIXED
int passes(struct xdp_md *ctx)
#else
static __attribute__((used)) int passes(struct xdp_md *ctx) // want loader/static-program "libbpf refuses objects with such programs"
#endif
{
	return XDP_PASS;
}

SEC("xdp")
int counting(struct xdp_md *ctx)
{
	__u32 key = 0;
	__u64 *count = bpf_map_lookup_elem(&counts, &key);

	if (count)
		*count += 1;
	return XDP_PASS;
}
