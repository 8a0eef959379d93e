// SPDX-License-Identifier: GPL-2.0-only
// Takes a number out of a message that begins with one byte of type.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u8 message[8];
	__u32 *number = (void *)&message[1];

	bpf_skb_load_bytes(skb, 0, message, sizeof(message));
	return *number == skb->mark; // want memory/misaligned "misaligned stack access off 0+0+-7 size 4"
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u8 message[8];
	__u32 number;

	bpf_skb_load_bytes(skb, 0, message, sizeof(message));
	__builtin_memcpy(&number, &message[1], sizeof(number));
	return number == skb->mark;
}

char LICENSE[] SEC("license") = "GPL";
