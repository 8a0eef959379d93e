// SPDX-License-Identifier: GPL-2.0-only
// Passes the key itself instead of its address.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64);
	__type(value, __u64);
} start SEC(".maps");

SEC("kprobe/do_exit")
int bad(struct pt_regs *ctx)
{
	__u64 pid = bpf_get_current_pid_tgid() >> 32;
	__u64 *started = bpf_map_lookup_elem(&start, (void *)pid); // rejected call-type/wrong-argument-kind; change

	if (started)
		bpf_printk("ran since %llu", *started);
	return 0;
}

SEC("kprobe/do_exit")
int fixed(struct pt_regs *ctx)
{
	__u64 pid = bpf_get_current_pid_tgid() >> 32;
	__u64 *started = bpf_map_lookup_elem(&start, &pid);

	if (started)
		bpf_printk("ran since %llu", *started);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
