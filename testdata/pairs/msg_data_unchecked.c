// SPDX-License-Identifier: GPL-2.0-only
// Reads the data of a message without its end.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

SEC("sk_msg")
int bad(struct sk_msg_md *msg)
{
	char *data = msg->data;

	if (msg->size < 4) // change
		return 1;
	return data[3] == '!' ? 0 : 1; // rejected memory/packet-out-of-bounds
}

SEC("sk_msg")
int fixed(struct sk_msg_md *msg)
{
	char *data = msg->data;

	if ((void *)(data + 4) > msg->data_end)
		return 1;
	return data[3] == '!' ? 0 : 1;
}

char LICENSE[] SEC("license") = "GPL";
