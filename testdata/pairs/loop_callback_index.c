// SPDX-License-Identifier: GPL-2.0-only
// The round number of bpf_loop() indexes an array.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

__u32 weights[16];
__u64 sum;

static long add_bad(__u32 i, void *unused)
{
	sum += weights[i]; // rejected memory/unbounded-offset; change
	return 0;
}

static long add(__u32 i, void *unused)
{
	if (i >= 16)
		return 1;
	sum += weights[i];
	return 0;
}

SEC("xdp")
int bad(struct xdp_md *ctx)
{
	bpf_loop(16, add_bad, (void *)0, 0);
	return XDP_PASS;
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	bpf_loop(16, add, (void *)0, 0);
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
