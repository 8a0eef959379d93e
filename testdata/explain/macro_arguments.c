// SPDX-License-Identifier: GPL-2.0-only
// Accesses to packets in the arguments of macros, which the compiler notes at the macro.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define from_net(x) (__builtin_constant_p(x) ? (__u32)__builtin_constant_p(x) : __builtin_bswap32(x))

struct outer {
	__u8 to[6], from[6];
	__u16 kind;
};

struct inner {
	__u8 flags, type;
	__u16 length;
	__u32 tunnel;
};

struct tight {
	__u8 flag;
	__u32 sender;
	__u32 target;
	__u8 rest[3];
} __attribute__((packed));

__u32 seen;

SEC("xdp")
int reads_tunnel(struct xdp_md *ctx)
{
	void *start = (void *)(long)ctx->data;
	void *limit = (void *)(long)ctx->data_end;
	struct outer *head = start;
	struct inner *in = (void *)(head + 1);

	if ((void *)(head + 1) > limit)
		return XDP_DROP;
	seen = from_net(in->tunnel); // want memory/packet-out-of-bounds "`in->tunnel` needs the first 22 bytes of the packet" help "`if ((void *)(in + 1) > limit) return" never "data_end" "hdr"
	return XDP_DROP;
}

SEC("xdp")
int reads_bytewise(struct xdp_md *ctx)
{
	void *start = (void *)(long)ctx->data;
	void *limit = (void *)(long)ctx->data_end;
	struct outer *head = start;
	struct tight *in = (void *)(head + 1);

	if ((void *)(head + 1) > limit)
		return XDP_DROP;
	seen = from_net(in->sender); // want memory/packet-out-of-bounds "`in->sender` needs the first 19 bytes of the packet" help "`if ((void *)(in + 1) > limit) return" never "16"
	return XDP_DROP;
}

SEC("xdp")
int reads_two(struct xdp_md *ctx)
{
	void *start = (void *)(long)ctx->data;
	void *limit = (void *)(long)ctx->data_end;
	struct outer *head = start;
	struct inner *in = (void *)(head + 1);

	if ((void *)(in + 1) > limit)
		return XDP_DROP;
	seen = from_net(in->tunnel + in[1].tunnel); // want memory/packet-out-of-bounds "30 bytes of the packet" never "in->tunnel"
	return XDP_DROP;
}

SEC("xdp")
int reads_checked(struct xdp_md *ctx)
{
	void *start = (void *)(long)ctx->data;
	void *limit = (void *)(long)ctx->data_end;
	struct outer *head = start;
	struct tight *in = (void *)(head + 1);

	if ((void *)(in + 1) > limit)
		return XDP_DROP;
	seen = from_net(in->sender);
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
