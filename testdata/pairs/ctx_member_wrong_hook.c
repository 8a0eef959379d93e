// SPDX-License-Identifier: GPL-2.0-only
// Reads a member that only other programs have.
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
	return skb->tc_classid == 0; // rejected memory/context-access; change
}

SEC("cgroup_skb/ingress")
int fixed(struct __sk_buff *skb)
{
	return skb->priority == 0;
}

char LICENSE[] SEC("license") = "GPL";
