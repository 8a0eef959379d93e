// SPDX-License-Identifier: GPL-2.0-only
// Ends a string at the length that was read.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

struct text {
	char bytes[128];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, struct text);
} texts SEC(".maps");

SEC("kprobe/do_sys_openat2")
int BPF_KPROBE(bad, int dfd, const char *name)
{
	__u32 zero = 0;
	struct text *t = bpf_map_lookup_elem(&texts, &zero);
	long n;

	if (!t)
		return 0;
	n = bpf_probe_read_user_str(t->bytes, sizeof(t->bytes), name);
	if (n < 0)
		return 0;
	t->bytes[n] = 0; // rejected memory/out-of-bounds; change
	return 0;
}

SEC("kprobe/do_sys_openat2")
int BPF_KPROBE(fixed, int dfd, const char *name)
{
	__u32 zero = 0;
	struct text *t = bpf_map_lookup_elem(&texts, &zero);
	long n;

	if (!t)
		return 0;
	n = bpf_probe_read_user_str(t->bytes, sizeof(t->bytes), name);
	if (n < 0)
		return 0;
	t->bytes[(n - 1) & 127] = 0;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
