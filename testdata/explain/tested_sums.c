// SPDX-License-Identifier: GPL-2.0-only
// Conditions that test a sum: the verifier knows the sum since then, not its parts.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define ROOM 1024

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u8[ROOM]);
} buffers SEC(".maps");

struct chunk {
	__u32 begin, bytes;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, struct chunk);
} chunks SEC(".maps");

SEC("kprobe/vfs_read")
int begin_and_bytes(void *ctx)
{
	__u32 zero = 0, begin, bytes;
	__u8 *buffer = bpf_map_lookup_elem(&buffers, &zero);
	struct chunk *chunk = bpf_map_lookup_elem(&chunks, &zero);

	if (!buffer || !chunk)
		return 0;
	begin = chunk->begin;
	bytes = chunk->bytes;
	if (begin + bytes > ROOM) // note "the sum is tested here"
		return 0;
	return bpf_probe_read_kernel(buffer + begin, bytes, chunk); // want call-type/unbounded-size "`begin + bytes > ROOM` in line 37 limits the sum, not `bytes`" help "`if (begin > 511 || bytes > 511) return 0;`" "before line 37" never "copy of"
}

// A test of the number itself is not one of a sum.
SEC("kprobe/vfs_read")
int moved_test(void *ctx)
{
	__u32 zero = 0, bytes;
	__u8 *buffer = bpf_map_lookup_elem(&buffers, &zero);
	struct chunk *chunk = bpf_map_lookup_elem(&chunks, &zero);

	if (!buffer || !chunk)
		return 0;
	bytes = chunk->bytes;
	if (bytes > 4 * ROOM)
		return 0;
	return bpf_probe_read_kernel(buffer, bytes, chunk); // want call-type/memory-length-range "`bytes` is 0 to 4096" never "the sum"
}

SEC("raw_tp/sys_enter")
int padded(void *ctx)
{
	__u32 zero = 0, bytes;
	__u8 *buffer = bpf_map_lookup_elem(&buffers, &zero);
	struct chunk *chunk = bpf_map_lookup_elem(&chunks, &zero);

	if (!buffer || !chunk)
		return 0;
	bytes = chunk->bytes;
	if (bytes + 2 <= ROOM) // note "the sum is tested here"
		bpf_probe_read_kernel(buffer, bytes, chunk); // want call-type/unbounded-size "`bytes + 2 <= ROOM` in line 68 limits the sum, not `bytes`" never "copy of"
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
