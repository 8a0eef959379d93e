// SPDX-License-Identifier: GPL-2.0-only
// Counts packets of each cgroup. The function's second argument is for flags, of
// which there are none yet.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_CGROUP_STORAGE);
	__type(key, struct bpf_cgroup_storage_key);
	__type(value, __u64);
} packets SEC(".maps");

SEC("cgroup_skb/egress")
int bad(struct __sk_buff *skb)
{
	__u64 *count = bpf_get_local_storage(&packets, 1); // want call-type/argument-value "get_local_storage() doesn't support non-zero flags"

	*count += 1;
	return 1;
}

SEC("cgroup_skb/egress")
int fixed(struct __sk_buff *skb)
{
	__u64 *count = bpf_get_local_storage(&packets, 0);

	*count += 1;
	return 1;
}

char LICENSE[] SEC("license") = "GPL";
