// SPDX-License-Identifier: GPL-2.0-only
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

// The kernel's macros are not in its types.

char LICENSE[] SEC("license") = "GPL";

SEC("tc")
int sort(struct __sk_buff *skb)
{
	switch (__builtin_bswap16(skb->protocol)) {
	case ETH_P_IP: // fix include
		return TC_ACT_OK; // fix include
	case ETH_P_ARP: // fix include
		return TC_ACT_SHOT; // fix include
	}
	return TC_ACT_UNSPEC; // fix include
}
