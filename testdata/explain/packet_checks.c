// SPDX-License-Identifier: GPL-2.0-only
// What a packet access needs, and what was proven.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int one_byte_less(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *stop = (void *)(long)ctx->data_end;

	if (data + 19 > stop) // note "the first 19 bytes of the packet are there"
		return XDP_PASS;
	return *(__u16 *)(data + 18) == 1 ? XDP_DROP : XDP_PASS; // want memory/packet-out-of-bounds "needs the first 20 bytes of the packet, but the check at line 14 proves the first 19 bytes" help "Check for 20 bytes in line 14: `if (data + 20 > stop)`"
}

SEC("tc")
int behind_options(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	struct iphdr *ip = data + ETH_HLEN;
	struct tcphdr *tcp;

	if ((void *)(ip + 1) > end)
		return 0;
	tcp = (void *)ip + ip->ihl * 4;
	if ((void *)tcp + 4 > end)
		return 0;
	return tcp->seq == 0 ? 2 : 0; // want memory/packet-out-of-bounds "needs the first 22 + " "bytes of the packet, but the check at line 29 proves the first 18 + " never "first 18 bytes" never "behind `tcp`"
}

SEC("tc")
int options_unchecked(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	struct iphdr *ip = data + ETH_HLEN;
	struct tcphdr *tcp;

	if ((void *)(ip + 1) > end)
		return 0;
	tcp = (void *)ip + ip->ihl * 4;
	if ((void *)tcp > end) // note "so `tcp` is not behind the end"
		return 0;
	return tcp->seq == 0 ? 2 : 0; // want memory/packet-out-of-bounds "`tcp->seq` needs bytes 4 to 7 behind `tcp`, but the check at line 44 proves none." "`tcp` is 14 + what is computed from `ip->ihl` (0 to 60) bytes into the packet" help "`if ((void *)(tcp + 1) > end)"
}

SEC("xdp")
int offset_too_large(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	__u32 *skip = data;
	__u8 *at;

	if ((void *)(skip + 1) > end)
		return XDP_PASS;
	__u32 n = *skip;
	at = data + n;
	if ((void *)(at + 1) > end)
		return XDP_PASS;
	return *at == 0 ? XDP_DROP : XDP_PASS; // want memory/packet-out-of-bounds "no comparison counts for a pointer that may be more than 65535 bytes into the packet" "(0 to 4294967295) bytes into the packet" help "to less than 65535" never "`if ((void *)(at + 1) > end)"
}

SEC("tc")
int wrong_way_round(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	struct iphdr *ip = data + ETH_HLEN;

	if ((void *)(ip + 1) < end)
		return 0;
	return ip->ttl == 1 ? 2 : 0; // want memory/packet-out-of-bounds "the comparison at line 71 lets only packets of at most 34 bytes get here, which proves no minimum" help "Turn the condition in line 71 round: `if ((void *)(ip + 1) > end)`" never "is not that long"
}

SEC("xdp")
int goes_on(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;

	if ((void *)(eth + 1) > end)
		bpf_printk("short");
	return eth->h_dest[0] ? XDP_PASS : XDP_DROP; // want memory/packet-out-of-bounds "lets only packets of at most 13 bytes get here" help "End the `if` in line 82 with a `return`" never "Turn the condition"
}

SEC("xdp")
int joined(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct iphdr *ip = data + ETH_HLEN;

	if ((void *)(ip + 1) > end && ctx->rx_queue_index == 0)
		return XDP_PASS;
	return ip->ttl ? XDP_PASS : XDP_DROP; // want memory/packet-out-of-bounds "`(void *)(ip + 1) > end` in line 93 is true on this path" help "Test the end in a condition of its own before line 93" never "Turn the condition"
}

SEC("xdp")
int metadata(struct xdp_md *ctx)
{
	__u32 *mark;

	if (bpf_xdp_adjust_meta(ctx, -4))
		return XDP_PASS;
	mark = (void *)(long)ctx->data_meta;
	*mark = 5; // want memory/packet-out-of-bounds "the first 4 bytes of the metadata" help "`if ((void *)(mark + 1) > (void *)(long)ctx->data) return XDP_PASS;`" never "data_end"
	return XDP_PASS;
}

SEC("cgroup/setsockopt")
int option_value(struct bpf_sockopt *ctx)
{
	__u32 *wanted = ctx->optval;

	if (ctx->optname != 1)
		return 1;
	return *wanted < 16; // want memory/packet-out-of-bounds "Access without a length check: `*wanted` needs the first 4 bytes of the option value, but no check on this path proves that" help "`if ((void *)(wanted + 1) > ctx->optval_end) return 1;`" never "data_end`" "acket"
}

char LICENSE[] SEC("license") = "GPL";
