// SPDX-License-Identifier: GPL-2.0-only
// What a call may do with the whole of an argument: data of a packet in a global function, a format's arguments.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

struct label {
	__u8 kind, hops;
	__u16 flow;
};

__attribute__((noinline)) int flow_of(struct label *label)
{
	return label ? label->flow : 0;
}

SEC("tc")
int one_byte_checked(struct __sk_buff *skb)
{
	void *start = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	struct label *first = start + ETH_HLEN;

	if (start + 15 > end)
		return 0;
	return flow_of(first); // want call-type/global-function-argument "flow_of() is verified on its own and may access all 4 bytes that its parameter `label` points to: `first`, passed here, needs the first 18 bytes of the packet, but the check at line 23 proves the first 15 bytes" help "`if (start + 18 > end)`" never "static" never "does not fit"
}

SEC("tc")
int nothing_checked(struct __sk_buff *skb)
{
	struct label *first = (void *)(long)skb->data;

	return flow_of(first); // want call-type/global-function-argument "needs the first 4 bytes of the packet, but no check on this path proves that" help "`if ((void *)(first + 1) > (void *)(long)skb->data_end) return" never "static"
}

SEC("tc")
int whole_checked(struct __sk_buff *skb)
{
	void *start = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;

	if (start + sizeof(struct label) > end)
		return 0;
	return flow_of(start);
}

SEC("tc")
int narrow_arguments(struct __sk_buff *skb)
{
	char text[40];
	__u32 numbers[5] = { skb->len, skb->mark };

	return bpf_snprintf(text, sizeof(text), "%u bytes, mark %u", (__u64 *)numbers, sizeof(numbers)); // want call-type/format-string "The fifth argument of bpf_snprintf(), `sizeof(numbers)`, is the length in bytes" "and is not a multiple of 8" help "array of `__u64`" never "conversion"
}

char _license[] SEC("license") = "GPL";
