// SPDX-License-Identifier: GPL-2.0-only
// A map pointer that is chosen at run time.
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
	__type(value, __u64);
} first SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, __u64);
} other SEC(".maps");

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u32 zero = 0;
	void *map = skb->mark ? (void *)&first : (void *)&other; // change
	__u64 *n;

	asm volatile("%0 += 8" : "+r"(map)); // rejected register-type/pointer-arith-forbidden
	n = bpf_map_lookup_elem(map, &zero);
	if (n)
		*n += 1;
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u32 zero = 0;
	void *map = skb->mark ? (void *)&first : (void *)&other;
	__u64 *n;

	n = bpf_map_lookup_elem(map, &zero);
	if (n)
		*n += 1;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
