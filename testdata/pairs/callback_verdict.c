// SPDX-License-Identifier: GPL-2.0-only
// A map callback that returns something else than 0 or 1.
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
} ages SEC(".maps");

static long drop_bad(void *map, __u32 *key, __u64 *value, void *unused)
{
	return *value; // rejected call-type/callback-return-value; change
}

static long drop(void *map, __u32 *key, __u64 *value, void *unused)
{
	return *value ? 1 : 0;
}

SEC("tc")
int bad(struct __sk_buff *skb)
{
	bpf_for_each_map_elem(&ages, drop_bad, (void *)0, 0);
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	bpf_for_each_map_elem(&ages, drop, (void *)0, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
