// SPDX-License-Identifier: GPL-2.0-only
// Waits for a value that nothing changes. // change, not shown
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

__u64 seen;

SEC("xdp")
int bad(struct xdp_md *ctx)
{
	__u32 tries = 0;

	while (tries < 10) {
		if (bpf_get_prandom_u32() == 7) // rejected verifier-limit/infinite-loop
			tries++;
	}
	return XDP_PASS;
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	__u32 tries = 0;

	while (tries < 10) {
		if (bpf_get_prandom_u32() == 7)
			seen++;
		tries++;
	}
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
