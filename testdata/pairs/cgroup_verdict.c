// SPDX-License-Identifier: GPL-2.0-only
// A cgroup program returns a traffic control verdict.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

SEC("cgroup_skb/ingress")
int bad(struct __sk_buff *skb)
{
	if (skb->len > 9000)
		return 4; // rejected call-type/return-value; change
	return 1;
}

SEC("cgroup_skb/ingress")
int fixed(struct __sk_buff *skb)
{
	if (skb->len > 9000)
		return 0;
	return 1;
}

char LICENSE[] SEC("license") = "GPL";
