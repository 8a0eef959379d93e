// SPDX-License-Identifier: GPL-2.0-only
// A helper is called by its number. This kernel has none of number 999.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

static long (*const bpf_packet_priority)(void *ctx) = (void *)999;

SEC("tc")
int bad(struct __sk_buff *skb)
{
	return bpf_packet_priority(skb) & 1; // want policy/unknown-helper "invalid func unknown#999"
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	return skb->priority & 1;
}

char LICENSE[] SEC("license") = "GPL";
