// SPDX-License-Identifier: GPL-2.0-only
// One access through pointers of two kinds.
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
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, __u32);
} modes SEC(".maps");

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u32 zero = 0, *flags = bpf_map_lookup_elem(&modes, &zero);
	void *from;

	if (!flags)
		return 0;
	from = flags;
	if (*flags == 3)
		from = &skb->mark; // change
	asm volatile("%0 = *(u32 *)(%1 + 0)" : "=r"(zero) : "r"(from)); // rejected register-type/modified-pointer-dereference
	return zero;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u32 zero = 0, *flags = bpf_map_lookup_elem(&modes, &zero);
	void *from;

	if (!flags)
		return 0;
	if (*flags == 3)
		return skb->mark;
	from = flags;
	asm volatile("%0 = *(u32 *)(%1 + 0)" : "=r"(zero) : "r"(from));
	return zero;
}

char LICENSE[] SEC("license") = "GPL";
