// SPDX-License-Identifier: GPL-2.0-only
// A constant far behind the end of a value.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct conf {
	__u32 mode;
	__u32 flags[4];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, struct conf);
} confs SEC(".maps");

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u32 zero = 0;
	struct conf *c = bpf_map_lookup_elem(&confs, &zero);

	if (!c)
		return 0;
	return c->flags[12]; // rejected memory/out-of-bounds; change
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u32 zero = 0;
	struct conf *c = bpf_map_lookup_elem(&confs, &zero);

	if (!c)
		return 0;
	return c->flags[3];
}

char LICENSE[] SEC("license") = "GPL";
