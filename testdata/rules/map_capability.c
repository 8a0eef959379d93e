// SPDX-License-Identifier: GPL-2.0-only
// bpf-lsp: --unprivileged
// A loader without capabilities can create only the simpler types of maps.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} recent SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} known SEC(".maps");

SEC("socket")
int bad(struct __sk_buff *skb)
{
	__u32 hash = skb->hash;

	return bpf_map_lookup_elem(&recent, &hash) ? 0 : skb->len; // want policy/map-capability ""
}

SEC("socket")
int fixed(struct __sk_buff *skb)
{
	__u32 hash = skb->hash;

	return bpf_map_lookup_elem(&known, &hash) ? 0 : skb->len;
}

char LICENSE[] SEC("license") = "GPL";
