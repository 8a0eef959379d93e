// SPDX-License-Identifier: GPL-2.0-only
// Accesses to copies that get the offsets of the target kernel.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define relocated __attribute__((preserve_access_index))

struct ns_common___old {
	void *stashed;
	const void *ops;
	unsigned int inum;
} relocated;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct ns_common___old);
} copies SEC(".maps");

__u32 seen;

SEC("kprobe/vfs_read")
int local_copy(__u64 *ctx)
{
	struct ns_common___old own;

	bpf_probe_read_kernel(&own, sizeof(own), (void *)ctx[14]);
	seen = own.inum; // want memory/stack-out-of-bounds "`inum` is at offset 16 of `struct ns_common___old` as it is declared here" "the target kernel's `struct ns_common`" "the copy `own` has 24 bytes (declared in line 26)" help "BPF_CORE_READ" never "index of the local array"
	return 0;
}

SEC("raw_tp/sys_enter")
int copy_in_a_map(__u64 *ctx)
{
	__u32 zero = 0;
	struct ns_common___old *kept = bpf_map_lookup_elem(&copies, &zero);

	if (kept)
		seen = kept->inum; // want memory/out-of-bounds "`inum` is at offset 16 of `struct ns_common___old` as it is declared here" never "Check the index"
	return 0;
}

struct ns_common___own {
	const void *ops;
	unsigned int inum;
};

SEC("kprobe/vfs_write")
int copied_from_a_pointer(__u64 *ctx)
{
	struct ns_common___old *from = (void *)ctx[13], whole;

	if (bpf_probe_read_kernel(&whole, sizeof(whole), from)) // note "the copy is made here"
		return 0;
	seen = whole.inum; // want memory/stack-out-of-bounds "`inum` is at offset 16" help "`BPF_CORE_READ(from, inum)`" never "preserve_access_index"
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
