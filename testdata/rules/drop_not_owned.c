// SPDX-License-Identifier: GPL-2.0-only
// Puts a new node into a list and frees it at once. What is in the list belongs to
// the list.
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

struct node {
	struct bpf_list_node link;
	__u64 data;
};

extern void *bpf_obj_new_impl(__u64 type, void *meta) __ksym;
extern void bpf_obj_drop_impl(void *p, void *meta) __ksym;
extern int bpf_list_push_front_impl(struct bpf_list_head *head, struct bpf_list_node *node, void *meta, __u64 off) __ksym;

struct bpf_spin_lock lock SEC(".data.list");
struct bpf_list_head head __contains(node, link) SEC(".data.list");

SEC("tc")
int bad(struct __sk_buff *skb)
{
	struct node *n = bpf_obj_new_impl(__builtin_btf_type_id(*(struct node *)0, 0), NULL);

	if (!n)
		return 0;
	bpf_spin_lock(&lock);
	bpf_list_push_front_impl(&head, &n->link, NULL, 0);
	bpf_spin_unlock(&lock);
	bpf_obj_drop_impl(n, NULL); // want call-type/drop-not-owned "R1 must be referenced or trusted"
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	struct node *n = bpf_obj_new_impl(__builtin_btf_type_id(*(struct node *)0, 0), NULL);

	if (!n)
		return 0;
	bpf_spin_lock(&lock);
	bpf_list_push_front_impl(&head, &n->link, NULL, 0);
	bpf_spin_unlock(&lock);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
