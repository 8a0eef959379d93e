// SPDX-License-Identifier: GPL-2.0-only
// Programs with a program array in common have the first one's cgroup storage or none.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

int without(struct __sk_buff *skb);

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 8);
	__uint(key_size, 4);
	__array(values, int (void *));
} stages SEC(".maps") = {
#ifdef FIXED
	.values = { (void *)&without },
#endif
};

struct {
	__uint(type, BPF_MAP_TYPE_CGROUP_STORAGE);
	__type(key, struct bpf_cgroup_storage_key);
	__type(value, __u64);
} bytes SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_CGROUP_STORAGE);
	__type(key, struct bpf_cgroup_storage_key);
	__type(value, __u64);
} packets SEC(".maps");

SEC("cgroup_skb/egress")
int first(struct __sk_buff *skb)
{
	__u64 *sum = bpf_get_local_storage(&bytes, 0);

	*sum += skb->len;
	bpf_tail_call(skb, &stages, 1);
	return 1;
}

SEC("cgroup_skb/egress")
int without(struct __sk_buff *skb)
{
#ifndef FIXED
	bpf_tail_call(skb, &stages, 2); // want loader/shared-map "it makes tail calls without the cgroup storage `bytes`"
#endif
	return 1;
}

SEC("cgroup_skb/egress")
int second(struct __sk_buff *skb)
{
#ifdef FIXED
	__u64 *sum = bpf_get_local_storage(&bytes, 0);
#else
	__u64 *sum = bpf_get_local_storage(&packets, 0);
#endif

	*sum += 1;
	bpf_tail_call(skb, &stages, 3); // want loader/shared-map "its cgroup storage `packets` is none of the other's"
	return 1;
}
