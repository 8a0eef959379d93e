// SPDX-License-Identifier: GPL-2.0-only
// A timer has to be in a map value.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

struct state {
	struct bpf_timer timer;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, struct state);
} states SEC(".maps");

SEC("tc")
int bad(struct __sk_buff *skb)
{
	struct bpf_timer local = {};
	__u32 zero = 0;
	struct state *s = bpf_map_lookup_elem(&states, &zero);

	if (!s)
		return 0;
	bpf_timer_init(&local, &states, 1); // rejected call-type/wrong-argument-kind; change
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u32 zero = 0;
	struct state *s = bpf_map_lookup_elem(&states, &zero);

	if (!s)
		return 0;
	bpf_timer_init(&s->timer, &states, 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
