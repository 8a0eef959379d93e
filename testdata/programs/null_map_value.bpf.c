// SPDX-License-Identifier: GPL-2.0-only
// Rejected: the result of a map lookup is used without a check for NULL.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps");

SEC("kprobe/do_unlinkat")
int count_unlink(struct pt_regs *ctx)
{
	__u32 uid = bpf_get_current_uid_gid();
	__u64 *count = bpf_map_lookup_elem(&counts, &uid);

	*count += 1; // want register-type/nullable-dereference "invalid mem access 'map_value_or_null'"
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
