// SPDX-License-Identifier: GPL-2.0-only
// Two lookups, and the check is on the first one twice.
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
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} hosts SEC(".maps");

SEC("cgroup_skb/egress")
int bad(struct __sk_buff *skb)
{
	__u32 from = skb->local_ip4, to = skb->remote_ip4;
	__u64 *sent = bpf_map_lookup_elem(&hosts, &from);
	__u64 *received = bpf_map_lookup_elem(&hosts, &to);

	if (!sent || !sent) // change
		return 1;
	*sent += skb->len;
	*received += skb->len; // rejected register-type/nullable-dereference
	return 1;
}

SEC("cgroup_skb/egress")
int fixed(struct __sk_buff *skb)
{
	__u32 from = skb->local_ip4, to = skb->remote_ip4;
	__u64 *sent = bpf_map_lookup_elem(&hosts, &from);
	__u64 *received = bpf_map_lookup_elem(&hosts, &to);

	if (!sent || !received)
		return 1;
	*sent += skb->len;
	*received += skb->len;
	return 1;
}

char LICENSE[] SEC("license") = "GPL";
