// SPDX-License-Identifier: GPL-2.0-only
// Structs of the program that have the name of one in a header.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "struct_names.h"

struct parcel {
	__u32 weight;
	__u64 seen;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct parcel);
} parcels SEC(".maps");

SEC("tc")
int weighs(struct __sk_buff *skb)
{
	__u32 zero = 0;
	struct parcel *parcel = bpf_map_lookup_elem(&parcels, &zero);

	if (!parcel)
		return 0;
	parcel->weight = skb->len; // want loader/unresolved-relocation "`struct parcel` is the program's own struct" help "Give `struct parcel` another name." never "bpf_core_type_exists"
	return 0;
}

SEC("tc")
int two_members(struct __sk_buff *skb)
{
	__u32 zero = 0;
	struct parcel *parcel = bpf_map_lookup_elem(&parcels, &zero);

	if (!parcel)
		return 0;
	parcel->weight = skb->len; // want loader/unresolved-relocation "`struct parcel` is the program's own struct"
	parcel->seen = skb->mark;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
