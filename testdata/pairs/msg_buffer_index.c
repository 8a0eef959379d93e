// SPDX-License-Identifier: GPL-2.0-only
// A message buffer with a head index from user space.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

struct buffer {
	__u32 used;
	char bytes[512];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, struct buffer);
} buffers SEC(".maps");

SEC("kprobe/do_sys_openat2")
int BPF_KPROBE(bad, int dfd, const char *name)
{
	__u32 zero = 0;
	struct buffer *b = bpf_map_lookup_elem(&buffers, &zero);
	__u32 len;

	if (!b)
		return 0;
	len = b->used;
	if (len > sizeof(b->bytes)) // change
		return 0;
	bpf_probe_read_user(b->bytes + len, sizeof(b->bytes) - len, name); // rejected call-type/memory-length-range
	return 0;
}

SEC("kprobe/do_sys_openat2")
int BPF_KPROBE(fixed, int dfd, const char *name)
{
	__u32 zero = 0;
	struct buffer *b = bpf_map_lookup_elem(&buffers, &zero);
	__u32 len;

	if (!b)
		return 0;
	len = b->used;
	if (len > sizeof(b->bytes) / 2)
		return 0;
	bpf_probe_read_user(b->bytes + len, sizeof(b->bytes) / 2, name);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
