// SPDX-License-Identifier: GPL-2.0-only
// Tracing programs that share a program array attach to functions of one prototype.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u32);
} stages SEC(".maps");

SEC("fentry/security_file_open")
int first(void *ctx)
{
	bpf_tail_call(ctx, &stages, 1);
	return 0;
}

#ifdef FIXED
SEC("fentry/security_file_open")
#else
SEC("fentry/vfs_read")
#endif
int second(void *ctx)
{
	bpf_tail_call(ctx, &stages, 1); // want loader/shared-map "attach to have different prototypes"
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
