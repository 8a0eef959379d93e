// SPDX-License-Identifier: GPL-2.0-only
// A node is removed from the tree through a pointer that was looked up under
// the lock before: by now another CPU may have freed it.
#include <stdbool.h>
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

struct bpf_rb_root {
	__u64 opaque[2];
} __attribute__((aligned(8)));
struct bpf_rb_node {
	__u64 opaque[4];
} __attribute__((aligned(8)));
struct packet {
	struct bpf_rb_node node;
	__u32 len;
};

#define __contains(type, node) __attribute__((btf_decl_tag("contains:" #type ":" #node)))

extern void *bpf_obj_new_impl(__u64 type, void *meta) __ksym;
extern void bpf_obj_drop_impl(void *object, void *meta) __ksym;
extern int bpf_rbtree_add_impl(struct bpf_rb_root *root, struct bpf_rb_node *node,
			       bool (*less)(struct bpf_rb_node *, const struct bpf_rb_node *), void *meta, __u64 off) __ksym;
extern struct bpf_rb_node *bpf_rbtree_first(struct bpf_rb_root *root) __ksym;
extern struct bpf_rb_node *bpf_rbtree_remove(struct bpf_rb_root *root, struct bpf_rb_node *node) __ksym;

struct bpf_spin_lock lock SEC(".data.packets");
struct bpf_rb_root packets SEC(".data.packets") __contains(packet, node);

static bool shorter(struct bpf_rb_node *a, const struct bpf_rb_node *b)
{
	return ((struct packet *)a)->len < ((struct packet *)b)->len;
}

static __always_inline void insert(struct __sk_buff *skb)
{
	struct packet *p = bpf_obj_new_impl(bpf_core_type_id_local(struct packet), NULL);

	if (!p)
		return;
	p->len = skb->len;
	bpf_spin_lock(&lock);
	bpf_rbtree_add_impl(&packets, &p->node, shorter, NULL, 0);
	bpf_spin_unlock(&lock);
}

SEC("tc")
int bad(struct __sk_buff *skb)
{
	struct bpf_rb_node *n;

	insert(skb);
	bpf_spin_lock(&lock);
	n = bpf_rbtree_first(&packets);
	bpf_spin_unlock(&lock);
	if (!n)
		return 0;
	bpf_spin_lock(&lock);
	n = bpf_rbtree_remove(&packets, n); // want resource-lifetime/node-ownership "bpf_rbtree_remove can only take non-owning or refcounted bpf_rb_node pointer"
	bpf_spin_unlock(&lock);
	if (n)
		bpf_obj_drop_impl((struct packet *)n, NULL);
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	struct bpf_rb_node *n;

	insert(skb);
	bpf_spin_lock(&lock);
	n = bpf_rbtree_first(&packets);
	if (n)
		n = bpf_rbtree_remove(&packets, n);
	bpf_spin_unlock(&lock);
	if (n)
		bpf_obj_drop_impl((struct packet *)n, NULL);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
