// SPDX-License-Identifier: GPL-2.0-only
// Sections that libbpf does not know.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#ifdef FIXED
SEC("xdp")
#else
SEC("xpd") // want loader/unknown-section "Did you mean `SEC(\"xdp\")`?"
#endif
int swapped(struct xdp_md *ctx)
{
	return XDP_PASS;
}

#ifdef FIXED
SEC("xdp")
#else
SEC("xdp_drop") // want loader/unknown-section "it is checked as one of SEC(\"xdp\"), which other loaders take it for"
#endif
int guessed(struct xdp_md *ctx)
{
	return XDP_PASS;
}

#ifdef FIXED
SEC("sockops")
#else
SEC("my_own_name") // want loader/unknown-section "it is checked as one of SEC(\"sockops\"), whose context it takes"
#endif
int named(struct bpf_sock_ops *ops)
{
	return 1;
}

#ifdef FIXED
SEC("cgroup_skb/egress")
#else
SEC("my_other_name") // want loader/unknown-section "No section `my_other_name` is known to libbpf, so shared() has no type"
#endif
int shared(struct __sk_buff *skb)
{
	return 1;
}

#ifdef FIXED
SEC("tracepoint/syscalls/sys_enter_openat")
#else
SEC("tracpoint/syscalls/sys_enter_openat") // want loader/unknown-section "Did you mean `SEC(\"tracepoint/syscalls/sys_enter_openat\")`?"
#endif
int left_out(void *ctx)
{
	return 0;
}

#ifdef FIXED
SEC("cgroup_skb/ingress")
#else
SEC("cgroup_skb/ingres") // want loader/unknown-section "libbpf: prog 'ending': missing BPF prog type, check ELF section name 'cgroup_skb/ingres'"
#endif
int ending(struct __sk_buff *skb)
{
	return 1;
}

SEC("xdp")
int accepted(struct xdp_md *ctx)
{
	return XDP_PASS;
}

SEC("xdp")
int rejected(struct xdp_md *ctx)
{
#ifdef FIXED
	return XDP_PASS;
#else
	return *(int *)(long)ctx->data; // want memory/packet-out-of-bounds "invalid access to packet"
#endif
}
