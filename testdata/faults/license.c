// SPDX-License-Identifier: GPL-2.0-only
// A license that opens nothing.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern void bpf_rcu_read_lock(void) __ksym;
extern void bpf_rcu_read_unlock(void) __ksym;

SEC("kprobe/do_exit")
int helper(void *ctx)
{
	static const char format[] = "exit";

#ifdef FIXED
	bpf_trace_printk(format, sizeof(format));
#else
	bpf_trace_printk(format, sizeof(format)); // want policy/gpl-only-helper "the one of this object is `Proprietary`"
#endif
	return 0;
}

SEC("tc")
int kernel_function(struct __sk_buff *skb)
{
#ifdef FIXED
	bpf_rcu_read_lock();
#else
	bpf_rcu_read_lock(); // want policy/gpl-only-kfunc "the one of this object is `Proprietary`"
#endif
	bpf_rcu_read_unlock();
	return 0;
}

SEC("xdp")
int accepted(struct xdp_md *ctx)
{
	return XDP_PASS;
}

#ifdef FIXED
char LICENSE[] SEC("license") = "Dual BSD/GPL";
#else
char LICENSE[] SEC("license") = "Proprietary";
#endif
