// SPDX-License-Identifier: GPL-2.0-only
// Maps that libbpf cannot read or the kernel does not create.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
#ifdef FIXED
	__type(key, __u32);
#else
	__type(key, __u64); // want loader/map-refused "keys of a `BPF_MAP_TYPE_ARRAY` must have 4 bytes, not 8 bytes. Nothing is claimed of what uses it: counts()"
#endif
	__type(value, __u64);
	__uint(max_entries, 1);
} counters SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
#ifndef FIXED
	__type(value, __u64); // want loader/map-refused "With cilium/ebpf, which creates the map without it, it may stay."
#endif
	__uint(max_entries, 4096);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(key_size, 8);
	__uint(value_size, 8);
	__uint(max_entries, 16);
#ifdef FIXED
	__uint(map_flags, BPF_F_NO_PREALLOC);
} routes SEC(".maps");
#else
} routes SEC(".maps"); // want loader/map-refused "Write `__uint(map_flags, BPF_F_NO_PREALLOC)` into the definition."
#endif

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, __u32);
#ifdef FIXED
	__type(value, __u64);
#endif
	__uint(max_entries, 16);
#ifdef FIXED
} sizes SEC(".maps");
#else
} sizes SEC(".maps"); // want loader/map-unsized "The definition of `sizes` lacks `value`"
#endif

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
#ifdef FIXED
	__uint(map_flags, BPF_F_NO_PREALLOC);
#else
	__uint(map_flags, BPF_F_MMAPABLE); // want loader/map-refused "cannot have `BPF_F_MMAPABLE`" // want loader/map-refused "must have `BPF_F_NO_PREALLOC`"
	__uint(max_entries, 16); // want loader/map-refused "must have no `max_entries`, not 16"
#endif
	__type(key, int);
	__type(value, __u64);
} tasks SEC(".maps");

struct {
#ifdef FIXED
	__uint(type, BPF_MAP_TYPE_HASH);
#else
	__uint(type, 99); // want loader/map-refused "99 is no type of map in Linux 6.18"
#endif
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 16);
} odd SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, __u32);
	__type(value, __u64);
#ifdef FIXED
	__uint(max_entries, 16);
#else
	__uint(max_entry, 16); // want loader/invalid-map-definition "unknown attribute `max_entry`"
#endif
} misspelt SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
#ifndef FIXED
	__uint(key_size, 8);
#endif
#ifdef FIXED
	__type(key, __u32);
#else
	__type(key, __u32); // want loader/invalid-map-definition "`key` says 4 bytes, another attribute 8"
#endif
	__type(value, __u64);
	__uint(max_entries, 16);
} twice SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__type(key, __u64);
	__type(value, __u64);
#ifdef FIXED
	__uint(max_entries, 1 << 20);
#else
	__uint(max_entries, (1 << 27) + 1); // want loader/map-refused "can have up to 134217728 entries, not 134217729"
#endif
} flows SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_CPUMAP);
	__type(key, __u32);
	__type(value, __u32);
#ifdef FIXED
	__uint(max_entries, 64);
#else
	__uint(max_entries, 8193); // want loader/map-refused "can have up to 8192 entries, not 8193"
#endif
} processors SEC(".maps");

SEC("xdp")
int counts(struct xdp_md *ctx)
{
	__u64 key = 0;
#ifdef FIXED
	__u64 *count = bpf_map_lookup_elem(&counters, &key);
#else
	__u64 *count = bpf_map_lookup_elem(&counters, &key); // want loader/unsupported-object "it uses map `counters`, which cannot be created"
#endif

	if (count)
		*count += 1;
	return XDP_PASS;
}

SEC("xdp")
int uses_none(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;

#ifdef FIXED
	if (data + 1 > (void *)(long)ctx->data_end)
		return XDP_PASS;
	return *(__u8 *)data ? XDP_DROP : XDP_PASS;
#else
	return *(__u8 *)data ? XDP_DROP : XDP_PASS; // want memory/packet-out-of-bounds "invalid access to packet"
#endif
}
