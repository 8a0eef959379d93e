// SPDX-License-Identifier: GPL-2.0-only
// A program array is for the programs of one hook: that of the first program which uses it.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u32);
} steps SEC(".maps"); // note "`steps` is defined here"

SEC("cgroup/connect4")
int fixed(struct bpf_sock_addr *ctx)
{
	bpf_tail_call(ctx, &steps, 0); // note "fixed() uses `steps` first"
	return 1;
}

SEC("cgroup/sendmsg4")
int bad(struct bpf_sock_addr *ctx)
{
	bpf_tail_call(ctx, &steps, 0); // want loader/shared-map ""
	return 1;
}

char LICENSE[] SEC("license") = "GPL";
