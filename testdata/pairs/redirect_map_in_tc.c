// SPDX-License-Identifier: GPL-2.0-only
// Redirects through a device map, which only XDP can.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u32);
} ports SEC(".maps");

SEC("tc")
int bad(struct __sk_buff *skb)
{
	return bpf_redirect_map(&ports, skb->ingress_ifindex, 0); // rejected policy/helper-not-allowed; change
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	return bpf_redirect(skb->ingress_ifindex, 0);
}

char LICENSE[] SEC("license") = "GPL";
