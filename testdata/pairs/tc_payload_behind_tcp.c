// SPDX-License-Identifier: GPL-2.0-only
// Reads the payload behind a TCP header with options; the check is on the header.
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
	struct iphdr *ip = data + ETH_HLEN;
	struct tcphdr *tcp = (void *)(ip + 1);
	char *payload;

	if ((void *)(tcp + 1) > data_end)
		return 0;
	payload = (char *)tcp + tcp->doff * 4;
	if (payload > (char *)data_end) // change
		return 0;
	if (payload[0] == 'G' && payload[1] == 'E') // rejected memory/packet-out-of-bounds
		return 2;
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data;
	void *data_end = (void *)(long)skb->data_end;
	struct iphdr *ip = data + ETH_HLEN;
	struct tcphdr *tcp = (void *)(ip + 1);
	char *payload;

	if ((void *)(tcp + 1) > data_end)
		return 0;
	payload = (char *)tcp + tcp->doff * 4;
	if (payload + 2 > (char *)data_end)
		return 0;
	if (payload[0] == 'G' && payload[1] == 'E')
		return 2;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
