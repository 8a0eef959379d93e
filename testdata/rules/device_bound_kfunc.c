// SPDX-License-Identifier: GPL-2.0-only
// The driver tells when it received a packet, but only a program that was
// loaded for its device.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern int bpf_xdp_metadata_rx_timestamp(const struct xdp_md *ctx, __u64 *timestamp) __ksym;

__u64 last;

SEC("xdp")
int bad(struct xdp_md *ctx)
{
	__u64 time;

	if (bpf_xdp_metadata_rx_timestamp(ctx, &time) == 0) // want policy/device-bound-kfunc "metadata kfuncs require device-bound program"
		last = time;
	return XDP_PASS;
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	last = bpf_ktime_get_ns();
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
