// SPDX-License-Identifier: GPL-2.0-only
// A function of the kernel that only programs under its license may call.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern void bpf_rcu_read_lock(void) __ksym;
extern void bpf_rcu_read_unlock(void) __ksym;

SEC("tc")
int reads(struct __sk_buff *skb)
{
	bpf_rcu_read_lock(); // choice license
	bpf_rcu_read_unlock();
	return 0;
}

char LICENSE[] SEC("license") = "MIT";
