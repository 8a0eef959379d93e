// SPDX-License-Identifier: GPL-2.0-only
// A program without a return value.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

__u64 packets;

SEC("xdp")
void bad(struct xdp_md *ctx)
{
	packets++; // change, not shown
} // rejected register-type/unreadable-register

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	packets++;
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
