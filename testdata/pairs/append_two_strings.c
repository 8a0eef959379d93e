// SPDX-License-Identifier: GPL-2.0-only
// Two lengths are bounded each, but not their sum.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

struct path_buf {
	char text[256];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, struct path_buf);
} scratch SEC(".maps");

SEC("kprobe/do_sys_openat2")
int BPF_KPROBE(bad, int dfd, const char *name)
{
	__u32 zero = 0;
	struct path_buf *b = bpf_map_lookup_elem(&scratch, &zero);
	long n;

	if (!b)
		return 0;
	n = bpf_get_current_comm(b->text, 16);
	if (n)
		return 0;
	n = bpf_probe_read_user_str(b->text + 16, 200, name);
	if (n <= 0 || n > 200)
		return 0;
	bpf_probe_read_user_str(b->text + 16 + n, 64, name); // rejected call-type/memory-length-range; change
	return 0;
}

SEC("kprobe/do_sys_openat2")
int BPF_KPROBE(fixed, int dfd, const char *name)
{
	__u32 zero = 0;
	struct path_buf *b = bpf_map_lookup_elem(&scratch, &zero);
	long n;

	if (!b)
		return 0;
	n = bpf_get_current_comm(b->text, 16);
	if (n)
		return 0;
	n = bpf_probe_read_user_str(b->text + 16, 200, name);
	if (n <= 0 || n > 200)
		return 0;
	bpf_probe_read_user_str(b->text + 16 + n, 40, name);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
