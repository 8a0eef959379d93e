// SPDX-License-Identifier: GPL-2.0-only
// Comparisons with the end of a packet that do not cover the access, and the ones that would.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct option {
	__u8 kind, length;
	__u16 value;
};

struct copy {
	__u64 length;
	__u8 bytes[24];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct copy);
} copies SEC(".maps");

__u32 sum;

SEC("xdp")
int start_of_a_word(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	__u32 *at = (void *)(long)ctx->data;

	if ((void *)at >= data_end) // note "this check does not cover the access"
		return XDP_PASS;
	sum += *at; // want memory/packet-out-of-bounds "`*at` needs the first 4 bytes of the packet, but the check at line 37 proves only that `at` is before the end" help "`if ((void *)(at + 1) > data_end) return XDP_PASS;`" never "hdr" "no check on this path"
	return XDP_PASS;
}

SEC("xdp")
int words_of_a_loop(struct xdp_md *ctx)
{
	void *limit = (void *)(long)ctx->data_end;
	__u32 *at = (void *)(long)ctx->data;

	for (int i = 0; i < 8; i++) {
		if ((void *)at > limit) // note "this check does not cover the access"
			break;
		sum += *at; // want memory/packet-out-of-bounds "`*at` needs the first 4 bytes" "the check at line 50 proves only that `at` is not behind the end" help "`if ((void *)(at + 1) > limit)" never "the path branches here"
		at++;
	}
	return XDP_PASS;
}

SEC("tc")
int end_from_before(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data, *data_end = (void *)(long)skb->data_end;
	struct iphdr *ip;

	if (data + ETH_HLEN > data_end && bpf_skb_pull_data(skb, 64))
		return 0;
	if (bpf_skb_change_head(skb, 8, 0))
		return 0;
	ip = (void *)(long)skb->data + ETH_HLEN;
	if ((void *)(ip + 1) > data_end) // note "this check does not cover the access"
		return 0;
	return ip->tos; // want memory/packet-out-of-bounds "`ip->tos` needs the first 16 bytes of the packet, but the check at line 69 does not count: `data_end` is still that from before bpf_skb_pull_data() at line 64" help "Read `data` and `data_end` from the context again" never "no check"
}

SEC("xdp")
int length_in_a_number(struct xdp_md *ctx)
{
	void *begin = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	__u64 length = end - begin;
	struct ethhdr *eth = begin;

	if (length < sizeof(*eth)) // note "this check does not cover the access"
		return XDP_PASS;
	return eth->h_proto == bpf_htons(ETH_P_ARP) ? XDP_DROP : XDP_PASS; // want memory/packet-out-of-bounds "`eth->h_proto` needs the first 14 bytes" "the check at line 81 is of `end - begin`, a number that the verifier does not connect with the packet" help "`if ((void *)(eth + 1) > end) return XDP_PASS;`"
}

SEC("xdp")
int copied_by_length(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *data_end = (void *)(long)ctx->data_end;
	__u32 zero = 0;
	struct copy *c = bpf_map_lookup_elem(&copies, &zero);

	if (!c)
		return XDP_PASS;
	c->length = data_end - data;
	if (c->length < 24)
		return XDP_PASS;
	__builtin_memcpy(c->bytes, data, 24); // want memory/packet-out-of-bounds "`data` needs the first 24 bytes" "the check at line 96 is of `data_end - data`" help "`if (data + 24 > data_end) return XDP_PASS;`" never "hdr"
	return XDP_PASS;
}

SEC("tc")
int header_before_it(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data, *data_end = (void *)(long)skb->data_end;
	struct iphdr *ip = data + ETH_HLEN;
	struct udphdr *udp;

	if ((void *)(ip + 1) > data_end) // note "this check does not cover the access"
		return 0;
	udp = (void *)ip + ip->ihl * 4;
	return udp->dest == bpf_htons(53) ? 2 : 0; // want memory/packet-out-of-bounds "`udp->dest` needs " "the check at line 109 is of `ip` and says nothing about `udp`" help "`if ((void *)(udp + 1) > data_end) return 0;`"
}

SEC("tc")
int letters_behind_options(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data, *data_end = (void *)(long)skb->data_end;
	struct iphdr *ip = data + ETH_HLEN;
	char *text;

	if ((void *)(ip + 1) > data_end)
		return 0;
	text = (char *)ip + ip->ihl * 4;
	if (text + 1 > (char *)data_end)
		return 0;
	if (text[0] == 'P' && text[1] == 'U' && text[2] == 'T') // want memory/packet-out-of-bounds "`text[1]` needs the first 16 + N bytes of the packet, but the check at line 125 proves the first 15 + N bytes" help "`if ((void *)(text + 3) > data_end) return 0;`"
		return 2;
	return 0;
}

SEC("xdp")
int option_skipped(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *data_end = (void *)(long)ctx->data_end;
	struct option *o = data;

	if ((void *)(o + 1) > data_end)
		return XDP_PASS;
	o = (void *)o + o->length;
	return o->value == 5 ? XDP_DROP : XDP_PASS; // want memory/packet-out-of-bounds "`o->value` needs" help "`if ((void *)(o + 1) > data_end) return XDP_PASS;`" never "hdr"
}

SEC("xdp")
int start_too_far(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *data_end = (void *)(long)ctx->data_end;
	__u32 *first = data;
	__u8 *at;

	if ((void *)(first + 1) > data_end)
		return XDP_PASS;
	__u32 skip = *first;
	at = data + skip; // note "the offset is added here"
	if ((void *)(at + 1) > data_end)
		return XDP_PASS;
	return *at ? XDP_DROP : XDP_PASS; // want memory/packet-out-of-bounds "`*at` needs 1 byte at `at`" help "Limit `skip` before it is added to the pointer"
}

SEC("xdp")
int end_on_the_left(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;

	if (data_end > (void *)(eth + 1))
		return XDP_PASS;
	return eth->h_proto ? XDP_DROP : XDP_PASS; // want memory/packet-out-of-bounds "lets only packets of at most 14 bytes get here, which proves no minimum" help "`if (data_end < (void *)(eth + 1))`"
}

SEC("cgroup/getsockopt")
int option_read(struct bpf_sockopt *opt)
{
	__u16 *kind = opt->optval;

	return kind[1] < 16; // want memory/packet-out-of-bounds "Access without a length check: `kind[1]` needs the first 4 bytes of the option value" help "`if ((void *)(kind + 2) > opt->optval_end) return 1;`" never "acket"
}

SEC("xdp")
int body_without_braces(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct option *o = (void *)(eth + 1);
	int kind = 0;

	if ((void *)(eth + 1) > data_end)
		return XDP_ABORTED;
	if (eth->h_proto == 1)
		kind = o->kind; // want memory/packet-out-of-bounds "`o->kind` needs the first 15 bytes" help "with braces around both: `{ if ((void *)(o + 1) > data_end) return XDP_ABORTED; kind = o->kind; }`"
	return kind == 3 ? XDP_DROP : XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
