// SPDX-License-Identifier: GPL-2.0-only
// Puts a node into a list. The node can be in two lists at once, by one member for
// each, and the list is declared for the first.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define __contains(type, member) __attribute__((btf_decl_tag("contains:" #type ":" #member)))

// Headers older than Linux 6.1 lack these.
struct bpf_list_head {
	__u64 opaque[2];
};

struct bpf_list_node {
	__u64 opaque[3];
};

struct bpf_refcount {
	__u32 opaque[1];
};

struct node {
	struct bpf_list_node by_age, by_size;
	struct bpf_refcount refs;
};

extern void *bpf_obj_new_impl(__u64 type, void *meta) __ksym;
extern int bpf_list_push_front_impl(struct bpf_list_head *head, struct bpf_list_node *node, void *meta, __u64 off) __ksym;

struct bpf_spin_lock lock SEC(".data.list");
struct bpf_list_head ages __contains(node, by_age) SEC(".data.list");

SEC("tc")
int bad(struct __sk_buff *skb)
{
	struct node *n = bpf_obj_new_impl(__builtin_btf_type_id(*(struct node *)0, 0), NULL);

	if (!n)
		return 0;
	bpf_spin_lock(&lock);
	bpf_list_push_front_impl(&ages, &n->by_size, NULL, 24); // want call-type/graph-node-mismatch "arg#1 offset=24, but expected bpf_list_node at offset=0 in struct node"
	bpf_spin_unlock(&lock);
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	struct node *n = bpf_obj_new_impl(__builtin_btf_type_id(*(struct node *)0, 0), NULL);

	if (!n)
		return 0;
	bpf_spin_lock(&lock);
	bpf_list_push_front_impl(&ages, &n->by_age, NULL, 0);
	bpf_spin_unlock(&lock);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
