// SPDX-License-Identifier: GPL-2.0-only
// A timer callback returns something else than 0.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

struct state {
	struct bpf_timer timer;
	__u64 fired;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, struct state);
} states SEC(".maps");

static int fire_bad(void *map, __u32 *key, struct state *s)
{
	s->fired++;
	return 1; // rejected call-type/return-value; change
}

static int fire(void *map, __u32 *key, struct state *s)
{
	s->fired++;
	return 0;
}

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u32 zero = 0;
	struct state *s = bpf_map_lookup_elem(&states, &zero);

	if (!s)
		return 0;
	bpf_timer_set_callback(&s->timer, fire_bad);
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u32 zero = 0;
	struct state *s = bpf_map_lookup_elem(&states, &zero);

	if (!s)
		return 0;
	bpf_timer_set_callback(&s->timer, fire);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
