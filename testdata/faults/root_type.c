// SPDX-License-Identifier: GPL-2.0-only
// A struct for which the kernel takes none of the object's types.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define __contains(type, node) __attribute__((btf_decl_tag("contains:" #type ":" #node)))

struct bpf_res_spin_lock {
	__u32 opaque;
};
struct bpf_list_head {
	__u64 opaque[2];
} __attribute__((aligned(8)));
struct bpf_list_node {
	__u64 opaque[3];
} __attribute__((aligned(8)));

struct element {
	struct bpf_list_node node;
};

struct value {
	struct element *last;
	struct bpf_spin_lock lock;
#ifdef FIXED
	struct bpf_list_head list __contains(element, node);
#else
	struct bpf_list_head list __contains(elemint, node); // want loader/special-field "`list` holds `struct elemint`, which the types of the object do not have"
#endif
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, struct value);
	__uint(max_entries, 1);
} values SEC(".maps");

struct element unused;

SEC("tc")
int accepted(struct __sk_buff *skb)
{
	__u32 key = 0;

	return bpf_map_lookup_elem(&values, &key) != NULL;
}

char LICENSE[] SEC("license") = "GPL";
