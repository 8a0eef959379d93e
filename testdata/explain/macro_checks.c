// SPDX-License-Identifier: GPL-2.0-only
// A check written as a macro is shown like a condition.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <bpf/bpf_helpers.h>

#define HAS(end, p, len)                        \
	do {                                    \
		if ((void *)(p) + (len) > (end)) \
			return XDP_PASS;        \
	} while (0)
#define OR_RETURN(p)              \
	({                        \
		if (!(p))         \
			return 1; \
		p;                \
	})

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} records SEC(".maps");

SEC("xdp")
int too_short(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct iphdr *ip = data + ETH_HLEN;

	HAS(end, ip, 8); // note "a condition of this macro is decided here, so the first 22 bytes of the packet are there"
	return ip->protocol == 6 ? XDP_DROP : XDP_PASS; // want memory/packet-out-of-bounds "needs the first 24 bytes of the packet, but the check at line 31 proves the first 22 bytes"
}

SEC("xdp")
int found_by_macro(struct xdp_md *ctx)
{
	__u64 *r = bpf_ringbuf_reserve(&records, sizeof(*r), 0); // note "`r` is reserved here"

	OR_RETURN(r); // note "a condition of this macro is decided here, so `r` is not NULL"
	*r = bpf_ktime_get_ns();
	return XDP_PASS; // want resource-lifetime/unreleased-reference "`r`"
}

char LICENSE[] SEC("license") = "GPL";
