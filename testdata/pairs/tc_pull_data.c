// SPDX-License-Identifier: GPL-2.0-only
// Keeps the end of before bpf_skb_pull_data().
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

SEC("tc")
int bad(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data;
	void *data_end = (void *)(long)skb->data_end;
	struct tcphdr *tcp;

	if (data + 54 > data_end) {
		if (bpf_skb_pull_data(skb, 54))
			return 0;
		data = (void *)(long)skb->data; // change
	}
	tcp = data + 34;
	if ((void *)(tcp + 1) > data_end)
		return 0;
	return tcp->syn ? 2 : 0; // rejected memory/packet-out-of-bounds
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data;
	void *data_end = (void *)(long)skb->data_end;
	struct tcphdr *tcp;

	if (data + 54 > data_end) {
		if (bpf_skb_pull_data(skb, 54))
			return 0;
		data = (void *)(long)skb->data;
		data_end = (void *)(long)skb->data_end;
	}
	tcp = data + 34;
	if ((void *)(tcp + 1) > data_end)
		return 0;
	return tcp->syn ? 2 : 0;
}

char LICENSE[] SEC("license") = "GPL";
