// SPDX-License-Identifier: GPL-2.0-only
// Bytes of a packet that are passed to functions which take none of a packet.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int compared(struct xdp_md *xdp)
{
	void *data = (void *)(long)xdp->data, *end = (void *)(long)xdp->data_end;
	char *name = data + sizeof(struct ethhdr) + sizeof(struct iphdr);

	if ((void *)(name + 8) > end)
		return XDP_PASS;
	if (bpf_strncmp(name, 4, "www.") == 0) // want call-type/packet-argument "its first argument, `name`, is such memory" help "Copy the bytes to the stack first, and pass `copy` as the first argument: `char copy[4]; if (bpf_xdp_load_bytes(xdp, 34, copy, sizeof(copy))) return XDP_PASS;`"
		return XDP_DROP;
	return XDP_PASS;
}

SEC("xdp")
int at_unknown_place(struct xdp_md *xdp)
{
	void *data = (void *)(long)xdp->data, *end = (void *)(long)xdp->data_end;
	char *name = data + (xdp->rx_queue_index & 63);

	if ((void *)(name + 8) > end)
		return XDP_PASS;
	if (bpf_strncmp(name, 4, "www.") == 0) // want call-type/packet-argument "is such memory" help "for example with bpf_xdp_load_bytes()" never "char copy"
		return XDP_DROP;
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
