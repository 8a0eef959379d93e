// SPDX-License-Identifier: GPL-2.0-only
// A masked length, and a constant is added afterwards.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

struct chunk {
	__u8 bytes[256];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, struct chunk);
} chunks SEC(".maps");

SEC("kprobe/vfs_write")
int BPF_KPROBE(bad, void *file, const char *buf, __u64 count)
{
	__u32 zero = 0;
	struct chunk *c = bpf_map_lookup_elem(&chunks, &zero);

	if (!c)
		return 0;
	count &= 0xff;
	bpf_probe_read_user(c->bytes, count + 8, buf); // rejected call-type/memory-length-range; change
	return 0;
}

SEC("kprobe/vfs_write")
int BPF_KPROBE(fixed, void *file, const char *buf, __u64 count)
{
	__u32 zero = 0;
	struct chunk *c = bpf_map_lookup_elem(&chunks, &zero);

	if (!c)
		return 0;
	count &= 0xff;
	bpf_probe_read_user(c->bytes, count, buf);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
