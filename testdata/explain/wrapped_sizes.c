// SPDX-License-Identifier: GPL-2.0-only
// Sizes from which something is subtracted, in 32 bits of a variable of 64, and noted at a later line.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define MOST 1024
#define HEAD 24

struct blob {
	__u32 length, cpu;
	__u8 data[MOST];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct blob);
} blobs SEC(".maps");

SEC("kprobe/vfs_write")
int limited_by_branch(unsigned long long *ctx)
{
	__u64 count = ctx[2], body;
	__u32 zero = 0;
	struct blob *b = bpf_map_lookup_elem(&blobs, &zero);

	if (!b)
		return 0;
	if (count > MOST)
		count = MOST;
	body = count - 1; // note "1 is subtracted from `count`"
	b->length = body;
	bpf_probe_read_user(b->data, body, (void *)ctx[1]); // want call-type/unbounded-size "`body`, is a size, but line 32 subtracts 1 from `count`" "wraps to a huge number where that is less than 1" help "`if (count == 0) return 0;`" never "mask it with a constant"
	return 0;
}

SEC("kprobe/vfs_write")
int without_head(unsigned long long *ctx)
{
	__u64 count = ctx[2], body;
	__u32 zero = 0;
	struct blob *b = bpf_map_lookup_elem(&blobs, &zero);

	if (!b)
		return 0;
	if (count > MOST + HEAD)
		return 0;
	body = count - HEAD; // note "24 is subtracted from `count`"
	b->length = body;
	bpf_probe_read_user(b->data, body, (void *)ctx[1]); // want call-type/unbounded-size "line 49 subtracts 24 from `count` (0 to 1048), which wraps to a huge number where that is less than 24" help "count < 24" never "mask it with a constant"
	return 0;
}

SEC("kprobe/vfs_write")
int of_another_number(unsigned long long *ctx)
{
	__u64 count = ctx[2], body;
	__u32 zero = 0;
	struct blob *b = bpf_map_lookup_elem(&blobs, &zero);

	if (!b || count < 1 || count > MOST)
		return 0;
	body = count - 1;
	b->length = body;
	bpf_probe_read_user(b->data, body, (void *)ctx[1]);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
