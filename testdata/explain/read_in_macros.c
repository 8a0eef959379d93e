// SPDX-License-Identifier: GPL-2.0-only
// What a macro is given as its argument is named, where the compiler notes the access at the macro.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

#define TWICE(n) ((n) + (n))

__u64 seen;

SEC("xdp")
int port_in_a_macro(struct xdp_md *ctx)
{
	void *start = (void *)(long)ctx->data, *limit = (void *)(long)ctx->data_end;
	struct iphdr *ip = start + sizeof(struct ethhdr);
	struct udphdr *udp = (void *)(ip + 1);

	if ((void *)(ip + 1) > limit)
		return XDP_DROP;
	seen += bpf_ntohs(udp->dest); // want memory/packet-out-of-bounds "`udp->dest` needs the first 38 bytes of the packet" help "`if ((void *)(udp + 1) > limit) return XDP_DROP;`" never "hdr"
	return XDP_PASS;
}

SEC("xdp")
int macro_of_a_sum(struct xdp_md *ctx)
{
	void *start = (void *)(long)ctx->data, *limit = (void *)(long)ctx->data_end;
	struct iphdr *ip = start + sizeof(struct ethhdr);

	if (start + sizeof(struct ethhdr) > limit)
		return XDP_DROP;
	seen += TWICE(ip->ttl); // want memory/packet-out-of-bounds "`ip->ttl` needs the first 23 bytes of the packet" help "`if ((void *)(ip + 1) > limit) return XDP_DROP;`"
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
