// SPDX-License-Identifier: GPL-2.0-only
// Lists, trees and locks that are no such things.
#include "walk.h"

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
struct bpf_res_spin_lock {
	__u32 val;
};

extern int bpf_list_push_back_impl(struct bpf_list_head *head, struct bpf_list_node *node, void *meta, __u64 off) __ksym;
extern struct bpf_list_node *bpf_list_pop_front(struct bpf_list_head *head) __ksym;
extern struct bpf_rb_node *bpf_rbtree_first(struct bpf_rb_root *root) __ksym;
extern int bpf_res_spin_lock(struct bpf_res_spin_lock *lock) __ksym;
extern void bpf_res_spin_unlock(struct bpf_res_spin_lock *lock) __ksym;
extern void bpf_local_irq_save(unsigned long *flags) __ksym;

struct locked {
	struct bpf_res_spin_lock lock;
	__u32 value;
};
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct locked);
} locks SEC(".maps");

#define TC(name) SEC("tc") int name(struct __sk_buff *skb)

TC(popped_of_stack)
{
	struct bpf_list_head head = {};

	return !bpf_list_pop_front(&head);
}

TC(popped_of_context) { return !bpf_list_pop_front((void *)skb); }
TC(popped_of_number) { return !bpf_list_pop_front((void *)8); }

TC(first_of_stack)
{
	struct bpf_rb_root root = {};

	return !bpf_rbtree_first(&root);
}

TC(pushed_stack)
{
	struct bpf_list_head head = {};
	struct bpf_list_node node = {};

	return bpf_list_push_back_impl(&head, &node, 0, 0);
}

TC(locked_stack)
{
	struct bpf_res_spin_lock lock = {};

	return bpf_res_spin_lock(&lock) != 0;
}

TC(locked_context) { return bpf_res_spin_lock((void *)skb) != 0; }

TC(locked_value)
{
	__u32 key = 0;
	struct locked *v = bpf_map_lookup_elem(&locks, &key);

	if (!v || bpf_res_spin_lock(&v->lock))
		return 0;
	v->value = 1;
	bpf_res_spin_unlock(&v->lock);
	return 0;
}

TC(locked_misplaced)
{
	__u32 key = 0;
	struct locked *v = bpf_map_lookup_elem(&locks, &key);

	if (!v || bpf_res_spin_lock((void *)&v->value))
		return 0;
	return 0;
}

TC(locked_for_good)
{
	__u32 key = 0;
	struct locked *v = bpf_map_lookup_elem(&locks, &key);

	if (v)
		bpf_res_spin_lock(&v->lock);
	return 0;
}

TC(saved_in_value)
{
	__u32 key = 0;
	struct locked *v = bpf_map_lookup_elem(&locks, &key);

	if (v)
		bpf_local_irq_save((void *)v);
	return 0;
}
