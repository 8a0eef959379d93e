// SPDX-License-Identifier: GPL-2.0-only
// Starts a timer in a map value. A timer is registered with its map, and two maps
// of one type are still two maps.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct entry {
	struct bpf_timer timer;
};

struct entries {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct entry);
} first SEC(".maps"), second SEC(".maps");

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u32 zero = 0;
	struct entry *e = bpf_map_lookup_elem(&first, &zero);

	if (e)
		bpf_timer_init(&e->timer, &second, 1); // want call-type/map-mismatch "timer pointer in R1 map_uid=0 doesn't match map pointer in R2 map_uid=0"
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u32 zero = 0;
	struct entry *e = bpf_map_lookup_elem(&first, &zero);

	if (e)
		bpf_timer_init(&e->timer, &first, 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
