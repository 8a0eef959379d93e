// SPDX-License-Identifier: GPL-2.0-only
// An offset and a length, each limited, whose sum is not.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, char[1024]);
} lines SEC(".maps");

SEC("tp/syscalls/sys_enter_write")
int append(__u64 *ctx)
{
	__u32 zero = 0;
	char *line = bpf_map_lookup_elem(&lines, &zero);
	__u64 used = ctx[2], more = ctx[4];

	if (!line || used > 1000 || used + more > 1024 || more > 1024)
		return 0;
	bpf_probe_read_user(line + used, more, (void *)ctx[3]); // want call-type/memory-length-range "`used` is up to 1000 and `more` up to 1024, together up to 2024 bytes of 1024" help "Limit `used` and `more` by constants whose sum is at most 1024"
	return 0;
}

SEC("xdp")
int tail_of_a_frame(struct xdp_md *ctx)
{
	__u32 zero = 0, from = ctx->rx_queue_index, count = ctx->ingress_ifindex;
	char *line = bpf_map_lookup_elem(&lines, &zero);

	if (!line || from >= 600 || count >= 600 || count == 0)
		return XDP_PASS;
	bpf_xdp_load_bytes(ctx, 0, line + from, count); // want call-type/memory-length-range "`from` is up to 599 and `count` up to 599, together up to 1198 bytes of 1024"
	return XDP_PASS;
}

SEC("tc")
int only_the_length(struct __sk_buff *skb)
{
	__u32 zero = 0, count = skb->mark;
	char *line = bpf_map_lookup_elem(&lines, &zero);

	if (!line || count > 1025 || count == 0)
		return 0;
	bpf_skb_load_bytes(skb, 0, line, count); // want call-type/memory-length-range "1025 bytes" never "together"
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
