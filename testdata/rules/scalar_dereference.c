// SPDX-License-Identifier: GPL-2.0-only
// Answers by the packet's type. Making the packet linear may move it, so that
// pointers into it from before lead nowhere.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

SEC("tc")
int bad(struct __sk_buff *skb)
{
	struct ethhdr *eth = (void *)(long)skb->data;

	if ((void *)(eth + 1) > (void *)(long)skb->data_end)
		return 0;
	bpf_skb_pull_data(skb, 0); // note "`eth` is no longer valid: bpf_skb_pull_data() may have moved the packet"
	return eth->h_source[0]; // want register-type/scalar-dereference "invalid mem access 'scalar'"
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	struct ethhdr *eth;

	bpf_skb_pull_data(skb, 0);
	eth = (void *)(long)skb->data;
	if ((void *)(eth + 1) > (void *)(long)skb->data_end)
		return 0;
	return eth->h_source[0];
}

char LICENSE[] SEC("license") = "GPL";
