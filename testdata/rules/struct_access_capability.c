// SPDX-License-Identifier: GPL-2.0-only
// bpf-lsp: --unprivileged
// A loader without capabilities can load no program that reads the kernel's
// structures, not even that of the program's own map.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct bpf_map {
	__u32 max_entries;
} __attribute__((preserve_access_index));

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps");

SEC("socket")
int bad(struct __sk_buff *skb)
{
	struct bpf_map *map = (struct bpf_map *)&counts;

	return skb->priority < map->max_entries; // want policy/struct-access-capability "'struct bpf_array' access is allowed only to CAP_PERFMON and CAP_SYS_ADMIN"
}

SEC("socket")
int fixed(struct __sk_buff *skb)
{
	return skb->priority < 64;
}

char LICENSE[] SEC("license") = "GPL";
