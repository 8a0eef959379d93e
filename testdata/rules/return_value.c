// SPDX-License-Identifier: GPL-2.0-only
// Drops large packets of a cgroup. The hook takes 0 to drop and 1 to keep; 4 is a
// verdict of another hook.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("cgroup_skb/ingress")
int bad(struct __sk_buff *skb)
{
	if (skb->len > 1500)
		return 4; // want call-type/return-value "At program exit the register R0 has smin=4 smax=4 should have been in [0, 1]"
	return 1;
}

SEC("cgroup_skb/ingress")
int fixed(struct __sk_buff *skb)
{
	if (skb->len > 1500)
		return 0;
	return 1;
}

char LICENSE[] SEC("license") = "GPL";
