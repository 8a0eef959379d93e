// SPDX-License-Identifier: GPL-2.0-only
// What the target kernel lacks.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern void bpf_our_own_hook(struct __sk_buff *skb) __ksym;
extern int bpf_our_own_count(int kind) __ksym;
extern void *bpf_our_own_state(void) __ksym;
extern void bpf_our_own_end(int kind) __ksym __weak;
extern int bpf_our_own_sum(int a, int b) __ksym;
extern void bpf_rcu_read_lok(void) __ksym;
extern void bpf_rcu_read_unlock(void) __ksym;

SEC("tc")
int as_a_statement(struct __sk_buff *skb)
{
	bpf_our_own_hook(skb); // fix declaration
	return 0;
}

SEC("tc")
int as_a_value(struct __sk_buff *skb)
{
	return bpf_our_own_count(skb->mark & 3) > 2; // fix declaration
}

SEC("tc")
int as_a_pointer(struct __sk_buff *skb)
{
	__u64 *state = bpf_our_own_state(); // fix declaration

	return state == 0;
}

SEC("tc")
int declared_so_already(struct __sk_buff *skb)
{
	if (skb->mark == 2)
		bpf_our_own_end(2); // fix declaration
	else
		skb->mark = 1;
	return 0;
}

SEC("tc")
int in_each_other(struct __sk_buff *skb)
{
	return bpf_our_own_sum(bpf_our_own_sum(1, 2), skb->mark); // fix declaration
}

SEC("tc")
int mistyped(struct __sk_buff *skb)
{
	bpf_rcu_read_lok(); // choice declaration
	bpf_rcu_read_unlock();
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
