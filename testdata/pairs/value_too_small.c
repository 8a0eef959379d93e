// SPDX-License-Identifier: GPL-2.0-only
// The value that is written is shorter than the map's.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

__u32 one = 1;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} exits SEC(".maps");

SEC("kprobe/do_exit")
int bad(struct pt_regs *ctx)
{
	__u32 pid = bpf_get_current_pid_tgid() >> 32;

	bpf_map_update_elem(&exits, &pid, &one, BPF_ANY); // rejected call-type/memory-range; change
	return 0;
}

SEC("kprobe/do_exit")
int fixed(struct pt_regs *ctx)
{
	__u32 pid = bpf_get_current_pid_tgid() >> 32;
	__u64 count = one;

	bpf_map_update_elem(&exits, &pid, &count, BPF_ANY);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
