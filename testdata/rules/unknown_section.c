// SPDX-License-Identifier: GPL-2.0-only
// The section's name says what type of program this is. libbpf knows none of
// this name.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__u64 packets;

SEC("ingress") // want loader/unknown-section "missing BPF prog type, check ELF section name 'ingress'"
int bad(struct __sk_buff *skb)
{
	packets++;
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	packets++;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
