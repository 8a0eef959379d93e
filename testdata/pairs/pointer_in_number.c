// SPDX-License-Identifier: GPL-2.0-only
// A pointer that was kept as a number in a map.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} keep SEC(".maps");

SEC("xdp")
int bad(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	__u32 zero = 0;
	__u64 *kept = bpf_map_lookup_elem(&keep, &zero);
	__u8 *at;

	if (!kept || data + 1 > data_end)
		return XDP_PASS;
	*(volatile __u64 *)kept = (__u64)data;
	bpf_ktime_get_ns();
	at = (__u8 *)*(volatile __u64 *)kept; // change
	asm volatile("" : "+r"(at));
	return *at == 0 ? XDP_DROP : XDP_PASS; // rejected register-type/scalar-dereference
}

SEC("xdp")
int fixed(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	__u32 zero = 0;
	__u64 *kept = bpf_map_lookup_elem(&keep, &zero);
	__u8 *at;

	if (!kept || data + 1 > data_end)
		return XDP_PASS;
	*(volatile __u64 *)kept = (__u64)data;
	bpf_ktime_get_ns();
	at = data;
	return *at == 0 ? XDP_DROP : XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
