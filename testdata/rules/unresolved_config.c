// SPDX-License-Identifier: GPL-2.0-only
// libbpf knows three externs besides the options that begin with CONFIG_.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern int LINUX_VERSION __kconfig;
extern int LINUX_KERNEL_VERSION __kconfig;

SEC("xdp")
int bad(struct xdp_md *ctx)
{
	return LINUX_VERSION > 0 ? XDP_PASS : XDP_DROP; // want loader/unresolved-config "extern (kcfg) 'LINUX_VERSION': unrecognized virtual extern"
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	return LINUX_KERNEL_VERSION > 0 ? XDP_PASS : XDP_DROP;
}

char LICENSE[] SEC("license") = "GPL";
