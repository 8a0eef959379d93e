// SPDX-License-Identifier: GPL-2.0-only
// Numbers that are read from memory whose content the verifier does not follow.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 24);
	__type(key, __u32);
	__type(value, __u64);
} inputs SEC(".maps");

struct table {
	__u32 filled;
	__u64 cells[24];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, struct table);
} tables SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
} outputs SEC(".maps");

struct walk {
	struct table *to;
	__u64 total;
};

static long add_cell(void *map, const void *key, __u64 *value, struct walk *walk)
{
	__u32 row = *(const __u32 *)key;

	walk->to->cells[row] += *value; // want memory/unbounded-offset "used with `walk->to`" "the value of map `tables`" "`row` is the key of an entry of `inputs`" help "if (row >= 24) return 0;" never "with `walk`"
	return 0;
}

SEC("tp/sched/sched_switch")
int collects(void *ctx)
{
	__u32 cpu = bpf_get_smp_processor_id();
	struct walk walk = {};

	walk.to = bpf_map_lookup_elem(&tables, &cpu);
	if (walk.to)
		bpf_for_each_map_elem(&inputs, add_cell, &walk, 0);
	return 0;
}

SEC("xdp")
int sends_what_is_filled(struct xdp_md *ctx)
{
	__u32 zero = 0;
	struct table *table = bpf_map_lookup_elem(&tables, &zero);

	if (!table)
		return XDP_PASS;
	if (table->filled > 24)
		return XDP_DROP;
	bpf_perf_event_output(ctx, &outputs, BPF_F_CURRENT_CPU, table, sizeof(*table));
	bpf_perf_event_output(ctx, &outputs, BPF_F_CURRENT_CPU, table->cells, table->filled); // want call-type/unbounded-size "`table->filled`"
	return XDP_PASS;
}

volatile __u32 cursor;

SEC("socket")
int until_a_variable(struct __sk_buff *skb)
{
	while (cursor < skb->mark) // want verifier-limit/infinite-loop "the `volatile` variable `cursor`" help "end the loop at a constant number" never "Count in a local variable and store"
		cursor += 2;
	return 0;
}

SEC("cgroup_skb/ingress")
int may_be_nothing(struct __sk_buff *skb)
{
	char bytes[16];
	__u32 count = skb->len & 15;

	if (bpf_skb_load_bytes(skb, 0, bytes, count)) // want call-type/zero-size "`count`" help "`if (count == 0) return 1;`"
		return 1;
	return bytes[0] & 1;
}

char LICENSE[] SEC("license") = "GPL";
