// SPDX-License-Identifier: GPL-2.0-only
// Copies the first bytes of a packet of unknown length.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct sample {
	__u64 length;
	__u8 bytes[32];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, struct sample);
} samples SEC(".maps");

SEC("xdp")
int bad(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	__u32 zero = 0;
	struct sample *s = bpf_map_lookup_elem(&samples, &zero);

	if (!s)
		return XDP_PASS;
	s->length = data_end - data;
	if (s->length < 32) // change
		return XDP_PASS;
	__builtin_memcpy(s->bytes, data, 32); // rejected memory/packet-out-of-bounds
	return XDP_PASS;
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	__u32 zero = 0;
	struct sample *s = bpf_map_lookup_elem(&samples, &zero);

	if (!s)
		return XDP_PASS;
	s->length = data_end - data;
	if (data + 32 > data_end)
		return XDP_PASS;
	__builtin_memcpy(s->bytes, data, 32);
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
