// SPDX-License-Identifier: GPL-2.0-only
// Asks for more bytes than the buffer has.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

struct key {
	__u32 pid, pad;
	char comm[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, struct key);
	__type(value, __u64);
} exits SEC(".maps");

SEC("kprobe/do_exit")
int bad(struct pt_regs *ctx)
{
	struct key k = {};
	__u64 one = 1;

	bpf_get_current_comm(k.comm, 32); // rejected call-type/memory-length-range; change
	bpf_map_update_elem(&exits, &k, &one, BPF_ANY);
	return 0;
}

SEC("kprobe/do_exit")
int fixed(struct pt_regs *ctx)
{
	struct key k = {};
	__u64 one = 1;

	bpf_get_current_comm(k.comm, sizeof(k.comm));
	bpf_map_update_elem(&exits, &k, &one, BPF_ANY);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
