// SPDX-License-Identifier: GPL-2.0-only
// One path returns while preemption is disabled.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern void bpf_preempt_disable(void) __ksym;
extern void bpf_preempt_enable(void) __ksym;

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps");

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex;
	__u64 *count;

	bpf_preempt_disable();
	count = bpf_map_lookup_elem(&counts, &key);
	if (!count)
		return 0; // want execution-context/preempt-disabled-at-exit "BPF_EXIT instruction in main prog cannot be used inside bpf_preempt_disable-ed region"
	*count += 1;
	bpf_preempt_enable();
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex;
	__u64 *count;

	bpf_preempt_disable();
	count = bpf_map_lookup_elem(&counts, &key);
	if (count)
		*count += 1;
	bpf_preempt_enable();
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
