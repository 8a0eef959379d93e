// SPDX-License-Identifier: GPL-2.0-only
// Sends packets' marks to user space. The map for that has no values to set, so it
// has a function of its own.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} events SEC(".maps");

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u32 mark = skb->mark, cpu = 0;

	bpf_map_update_elem(&events, &cpu, &mark, BPF_ANY); // want call-type/map-helper-mismatch "cannot pass map_type 4 into func bpf_map_update_elem#2"
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u32 mark = skb->mark;

	bpf_perf_event_output(skb, &events, BPF_F_CURRENT_CPU, &mark, sizeof(mark));
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
