// SPDX-License-Identifier: GPL-2.0-only
// Local variables that are smaller than what a call accesses.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct flow {
	__u32 from, to;
	__u16 ports[2];
	__u16 family, rest;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, struct flow);
	__type(value, __u64);
} flows SEC(".maps");

SEC("tc")
int short_key(struct __sk_buff *skb)
{
	__u64 from_to = skb->mark;

	return bpf_map_delete_elem(&flows, &from_to); // want call-type/memory-range "accesses 16 bytes behind its second argument, the size of the keys of `flows` (`struct flow`), but `from_to` has 8 bytes (declared in line 22 as `__u64`)" help "(16 bytes, `struct flow`)"
}

struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, 16);
	__type(value, __u64);
} queue SEC(".maps");

SEC("xdp")
int short_value(struct xdp_md *ctx)
{
	__u32 index = ctx->ingress_ifindex;

	bpf_map_push_elem(&queue, &index, BPF_ANY); // want call-type/memory-range "accesses 8 bytes behind its second argument, the size of the values of `queue`, but `index` has 4 bytes (declared in line 36 as `__u32`)" help "the values of `queue` (8 bytes)"
	return XDP_PASS;
}

SEC("kprobe/vfs_read")
int long_name(struct pt_regs *ctx)
{
	char name[12];

	bpf_get_current_comm(name, 16); // want call-type/memory-length-range "up to 16 bytes" "`name` has 12 bytes (declared in line 45)" never "points to less"
	return name[0];
}

char LICENSE[] SEC("license") = "GPL";
