// SPDX-License-Identifier: GPL-2.0-only
// Accepted: passes packets to TCP port 80, by legacy packet loads.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <bpf/bpf_helpers.h>

unsigned long long load_byte(void *skb, unsigned long long off) asm("llvm.bpf.load.byte");
unsigned long long load_half(void *skb, unsigned long long off) asm("llvm.bpf.load.half");

SEC("socket")
int http_only(struct __sk_buff *skb)
{
	__u32 header;

	if (load_half(skb, 12) != ETH_P_IP)
		return 0;
	if (load_byte(skb, ETH_HLEN + 9) != IPPROTO_TCP)
		return 0;
	header = (load_byte(skb, ETH_HLEN) & 0xf) * 4;
	if (load_half(skb, ETH_HLEN + header + 2) != 80)
		return 0;
	return skb->len;
}

char LICENSE[] SEC("license") = "GPL";
