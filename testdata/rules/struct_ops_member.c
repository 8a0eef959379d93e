// SPDX-License-Identifier: GPL-2.0-only
// Not every member of a structure of functions can be a program.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct tcp_congestion_ops___mine {
	char name[16];
	__u32 (*ssthresh)(void *sk);
	unsigned long (*get_info)(void *sk, __u32 ext, int *attr, void *info);
};

SEC("struct_ops")
unsigned long bad(__u64 *ctx) // want program-structure/struct-ops-member "attach to unsupported member get_info of struct tcp_congestion_ops"
{
	return 0;
}

SEC("struct_ops")
__u32 fixed(__u64 *ctx)
{
	return 2;
}

SEC(".struct_ops")
struct tcp_congestion_ops___mine fixed_window = {
	.name = "fixed_window",
	.ssthresh = (void *)fixed,
	.get_info = (void *)bad,
};

char LICENSE[] SEC("license") = "GPL";
