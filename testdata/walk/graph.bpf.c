// SPDX-License-Identifier: GPL-2.0-only
// Lists and trees of objects.
#include "walk.h"
#include <bpf/bpf_core_read.h>

#define CONTAINS(type, member) __attribute__((btf_decl_tag("contains:" #type ":" #member)))
#define NEW(type) bpf_obj_new_impl(bpf_core_type_id_local(type), 0)
#define HIDE(x) asm volatile("" : "+r"(x))

struct bpf_list_head {
	__u64 opaque[2];
} __attribute__((aligned(8)));
struct bpf_list_node {
	__u64 opaque[3];
} __attribute__((aligned(8)));
struct bpf_rb_root {
	__u64 opaque[2];
} __attribute__((aligned(8)));
struct bpf_rb_node {
	__u64 opaque[4];
} __attribute__((aligned(8)));

struct item {
	struct bpf_list_node node;
	__u64 value;
};
struct other {
	struct bpf_list_node node;
	__u64 values[2];
};
struct leaf {
	struct bpf_rb_node node;
	__u64 value;
};
struct other_leaf {
	struct bpf_rb_node node;
	__u64 values[2];
};

extern void *bpf_obj_new_impl(__u64 type, void *meta) __ksym;
extern void bpf_obj_drop_impl(void *object, void *meta) __ksym;
extern int bpf_list_push_back_impl(struct bpf_list_head *head, struct bpf_list_node *node, void *meta, __u64 off) __ksym;
extern struct bpf_list_node *bpf_list_pop_front(struct bpf_list_head *head) __ksym;
extern int bpf_rbtree_add_impl(struct bpf_rb_root *root, struct bpf_rb_node *node,
			       _Bool(less)(struct bpf_rb_node *, const struct bpf_rb_node *), void *meta, __u64 off) __ksym;
extern struct bpf_rb_node *bpf_rbtree_first(struct bpf_rb_root *root) __ksym;
extern struct bpf_rb_node *bpf_rbtree_remove(struct bpf_rb_root *root, struct bpf_rb_node *node) __ksym;

#define A SEC(".data.a") __attribute__((aligned(8)))
struct bpf_spin_lock lock A;
struct bpf_list_head items A CONTAINS(item, node);
struct bpf_rb_root leaves A CONTAINS(leaf, node);
struct bpf_list_head others A CONTAINS(other, node);
struct bpf_rb_root other_leaves A CONTAINS(other_leaf, node);
__u64 plain[8] A;
#define B SEC(".data.b") __attribute__((aligned(8)))
struct bpf_spin_lock lock_b B;
struct bpf_list_head items_b B CONTAINS(item, node);

static _Bool less(struct bpf_rb_node *a, const struct bpf_rb_node *b)
{
	return ((struct leaf *)a)->value < ((struct leaf *)b)->value;
}

#define ITEM                          \
	struct item *n = NEW(struct item); \
	if (!n)                       \
		return 0

SEC("tc") int push(struct __sk_buff *skb)
{
	ITEM;
	bpf_spin_lock(&lock);
	bpf_list_push_back_impl(&items, &n->node, 0, 0);
	n->value = 1;
	bpf_spin_unlock(&lock);
	return 0;
}

SEC("tc") int push_at_variable_root(struct __sk_buff *skb)
{
	ITEM;
	void *root = (void *)&items + (skb->len & 8);
	HIDE(root);
	bpf_spin_lock(&lock);
	bpf_list_push_back_impl(root, &n->node, 0, 0);
	bpf_spin_unlock(&lock);
	return 0;
}

SEC("tc") int push_at_no_root(struct __sk_buff *skb)
{
	ITEM;
	bpf_spin_lock(&lock);
	bpf_list_push_back_impl((void *)plain, &n->node, 0, 0);
	bpf_spin_unlock(&lock);
	return 0;
}

SEC("tc") int push_at_tree(struct __sk_buff *skb)
{
	ITEM;
	bpf_spin_lock(&lock);
	bpf_list_push_back_impl((void *)&leaves, &n->node, 0, 0);
	bpf_spin_unlock(&lock);
	return 0;
}

SEC("tc") int push_under_other_lock(struct __sk_buff *skb)
{
	ITEM;
	bpf_spin_lock(&lock_b);
	bpf_list_push_back_impl(&items, &n->node, 0, 0);
	bpf_spin_unlock(&lock_b);
	return 0;
}

SEC("tc") int pop_without_lock(struct __sk_buff *skb)
{
	return !bpf_list_pop_front(&items_b);
}

SEC("tc") int push_global(struct __sk_buff *skb)
{
	bpf_spin_lock(&lock);
	bpf_list_push_back_impl(&items, (void *)plain, 0, 0);
	bpf_spin_unlock(&lock);
	return 0;
}

SEC("tc") int push_twice(struct __sk_buff *skb)
{
	ITEM;
	bpf_spin_lock(&lock);
	bpf_list_push_back_impl(&items, &n->node, 0, 0);
	bpf_list_push_back_impl(&items, &n->node, 0, 0);
	bpf_spin_unlock(&lock);
	return 0;
}

SEC("tc") int push_variable_node(struct __sk_buff *skb)
{
	ITEM;
	void *node = (void *)&n->node + (skb->len & 8);
	HIDE(node);
	bpf_spin_lock(&lock);
	bpf_list_push_back_impl(&items, node, 0, 0);
	bpf_spin_unlock(&lock);
	return 0;
}

SEC("tc") int push_value(struct __sk_buff *skb)
{
	ITEM;
	bpf_spin_lock(&lock);
	bpf_list_push_back_impl(&items, (void *)&n->value, 0, 0);
	bpf_spin_unlock(&lock);
	return 0;
}

SEC("tc") int push_other(struct __sk_buff *skb)
{
	struct other *n = NEW(struct other);

	if (!n)
		return 0;
	bpf_spin_lock(&lock);
	bpf_list_push_back_impl(&items, &n->node, 0, 0);
	bpf_spin_unlock(&lock);
	return 0;
}

SEC("tc") int push_not_released(struct __sk_buff *skb)
{
	ITEM;
	bpf_spin_lock(&lock);
	n->value = 3;
	bpf_spin_unlock(&lock);
	return 0;
}

SEC("tc") int push_popped(struct __sk_buff *skb)
{
	struct bpf_list_node *n;

	bpf_spin_lock(&lock);
	n = bpf_list_pop_front(&items);
	if (n)
		bpf_list_push_back_impl(&items, n, 0, 0);
	bpf_spin_unlock(&lock);
	return 0;
}

SEC("tc") int push_popped_elsewhere(struct __sk_buff *skb)
{
	struct bpf_list_node *n;

	bpf_spin_lock(&lock);
	n = bpf_list_pop_front(&items);
	bpf_spin_unlock(&lock);
	if (!n)
		return 0;
	bpf_spin_lock(&lock_b);
	bpf_list_push_back_impl(&items_b, n, 0, 0);
	bpf_spin_unlock(&lock_b);
	return 0;
}

#define LEAF                          \
	struct leaf *n = NEW(struct leaf); \
	if (!n)                       \
		return 0

SEC("tc") int add(struct __sk_buff *skb)
{
	LEAF;
	bpf_spin_lock(&lock);
	bpf_rbtree_add_impl(&leaves, &n->node, less, 0, 0);
	bpf_spin_unlock(&lock);
	return 0;
}

SEC("tc") int add_without_lock(struct __sk_buff *skb)
{
	LEAF;
	bpf_rbtree_add_impl(&leaves, &n->node, less, 0, 0);
	return 0;
}

SEC("tc") int add_at_list(struct __sk_buff *skb)
{
	LEAF;
	bpf_spin_lock(&lock);
	bpf_rbtree_add_impl((void *)&items, &n->node, less, 0, 0);
	bpf_spin_unlock(&lock);
	return 0;
}

SEC("tc") int add_global(struct __sk_buff *skb)
{
	bpf_spin_lock(&lock);
	bpf_rbtree_add_impl(&leaves, (void *)plain, less, 0, 0);
	bpf_spin_unlock(&lock);
	return 0;
}

SEC("tc") int add_value(struct __sk_buff *skb)
{
	LEAF;
	bpf_spin_lock(&lock);
	bpf_rbtree_add_impl(&leaves, (void *)&n->value, less, 0, 0);
	bpf_spin_unlock(&lock);
	return 0;
}

SEC("tc") int add_other(struct __sk_buff *skb)
{
	struct other_leaf *n = NEW(struct other_leaf);

	if (!n)
		return 0;
	bpf_spin_lock(&lock);
	bpf_rbtree_add_impl(&leaves, &n->node, less, 0, 0);
	bpf_spin_unlock(&lock);
	return 0;
}

SEC("tc") int add_first(struct __sk_buff *skb)
{
	struct bpf_rb_node *n;

	bpf_spin_lock(&lock);
	n = bpf_rbtree_first(&leaves);
	if (n)
		bpf_rbtree_add_impl(&leaves, n, less, 0, 0);
	bpf_spin_unlock(&lock);
	return 0;
}

SEC("tc") int remove_first(struct __sk_buff *skb)
{
	struct bpf_rb_node *n;

	bpf_spin_lock(&lock);
	n = bpf_rbtree_first(&leaves);
	if (n)
		n = bpf_rbtree_remove(&leaves, n);
	bpf_spin_unlock(&lock);
	if (n)
		bpf_obj_drop_impl((struct leaf *)n, 0);
	return 0;
}

SEC("tc") int remove_owned(struct __sk_buff *skb)
{
	LEAF;
	bpf_spin_lock(&lock);
	bpf_rbtree_remove(&leaves, &n->node);
	bpf_spin_unlock(&lock);
	bpf_obj_drop_impl(n, 0);
	return 0;
}

SEC("tc") int remove_global(struct __sk_buff *skb)
{
	bpf_spin_lock(&lock);
	bpf_rbtree_remove(&leaves, (void *)plain);
	bpf_spin_unlock(&lock);
	return 0;
}

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} ring SEC(".maps");

SEC("tc") int remove_from_ring(struct __sk_buff *skb)
{
	void *record = bpf_ringbuf_reserve(&ring, 64, 0), *node;

	if (!record)
		return 0;
	node = record + (skb->len & 8);
	HIDE(node);
	bpf_spin_lock(&lock);
	bpf_rbtree_remove(&leaves, node);
	bpf_spin_unlock(&lock);
	bpf_ringbuf_discard(record, 0);
	return 0;
}
