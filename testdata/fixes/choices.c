// SPDX-License-Identifier: GPL-2.0-only
// What only the author can decide.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>

SEC("cgroup_skb/ingress")
int verdict(struct __sk_buff *skb)
{
	return 4; // choice return
}

SEC("sk_lookup")
int lookup(struct bpf_sk_lookup *ctx)
{
	return 2; // choice return
}

SEC("cgroup/sock_create")
int socket(struct bpf_sock *sk)
{
	if (sk->family == 2)
		return -1; // choice return
	return 1;
}

SEC("kprobe/do_nanosleep")
int licensed(struct pt_regs *ctx)
{
	__u64 value = 0;

	bpf_probe_read_kernel(&value, sizeof(value), (void *)ctx); // choice license
	return value == 1;
}

char LICENSE[] SEC("license") = "Apache-2.0";
