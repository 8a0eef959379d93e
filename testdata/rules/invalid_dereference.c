// SPDX-License-Identifier: GPL-2.0-only
// Reads the last byte of packets. The end is for comparisons; nothing can be read
// through it, not even backwards.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u8 *end = (void *)(long)skb->data_end;

	return end[-1]; // want register-type/invalid-dereference "invalid mem access 'pkt_end'"
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u8 last = 0;

	bpf_skb_load_bytes(skb, skb->len - 1, &last, sizeof(last));
	return last;
}

char LICENSE[] SEC("license") = "GPL";
