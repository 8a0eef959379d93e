// SPDX-License-Identifier: GPL-2.0-only
// Some kernels do not have this function.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define ksym_exists(symbol) (!!&symbol)

extern int bpf_skb_priority_class(struct __sk_buff *skb) __ksym;
extern int bpf_skb_priority_group(struct __sk_buff *skb) __ksym __weak;

SEC("tc")
int bad(struct __sk_buff *skb)
{
	return bpf_skb_priority_class(skb); // want loader/unresolved-symbol "extern (func ksym) 'bpf_skb_priority_class': not found in kernel or module BTFs"
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	if (ksym_exists(bpf_skb_priority_group))
		return bpf_skb_priority_group(skb);
	return skb->priority;
}

char LICENSE[] SEC("license") = "GPL";
