// SPDX-License-Identifier: GPL-2.0-only
// Sends what is behind the Ethernet header. A packet may be shorter than that.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u8 body[64] = {};
	__s64 len = (__s64)skb->len - ETH_HLEN;

	if (len > (__s64)sizeof(body))
		return 0;
	bpf_ringbuf_output(&events, body, len, 0); // want call-type/negative-size "R3 min value is negative, either use unsigned or 'var &= const'"
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u8 body[64] = {};
	__s64 len = (__s64)skb->len - ETH_HLEN;

	if (len < 0 || len > (__s64)sizeof(body))
		return 0;
	bpf_ringbuf_output(&events, body, len, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
