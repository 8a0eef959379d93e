// SPDX-License-Identifier: GPL-2.0-only
// The function that compares two nodes changes the tree.
#include <stdbool.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

struct bpf_spin_lock {
	__u32 val;
};
struct bpf_rb_root {
	__u64 opaque[2];
} __attribute__((aligned(8)));
struct bpf_rb_node {
	__u64 opaque[4];
} __attribute__((aligned(8)));
struct flow {
	struct bpf_rb_node node;
	__u32 hash;
};

#define __contains(type, node) __attribute__((btf_decl_tag("contains:" #type ":" #node)))

extern void *bpf_obj_new_impl(__u64 type, void *meta) __ksym;
extern int bpf_rbtree_add_impl(struct bpf_rb_root *root, struct bpf_rb_node *node,
			       bool (*less)(struct bpf_rb_node *, const struct bpf_rb_node *), void *meta, __u64 off) __ksym;
extern struct bpf_rb_node *bpf_rbtree_remove(struct bpf_rb_root *root, struct bpf_rb_node *node) __ksym;

struct bpf_spin_lock lock SEC(".data.flows");
struct bpf_rb_root flows SEC(".data.flows") __contains(flow, node);

static bool replacing(struct bpf_rb_node *a, const struct bpf_rb_node *b)
{
	if (((struct flow *)a)->hash == ((struct flow *)b)->hash)
		bpf_rbtree_remove(&flows, (struct bpf_rb_node *)b); // want execution-context/rbtree-callback "bpf_rbtree_remove not allowed in rbtree cb"
	return ((struct flow *)a)->hash < ((struct flow *)b)->hash;
}

static bool by_hash(struct bpf_rb_node *a, const struct bpf_rb_node *b)
{
	return ((struct flow *)a)->hash < ((struct flow *)b)->hash;
}

static int add(bool (*less)(struct bpf_rb_node *, const struct bpf_rb_node *))
{
	struct flow *f = bpf_obj_new_impl(bpf_core_type_id_local(struct flow), NULL);

	if (!f)
		return 0;
	f->hash = bpf_get_prandom_u32();
	bpf_spin_lock(&lock);
	bpf_rbtree_add_impl(&flows, &f->node, less, NULL, 0);
	bpf_spin_unlock(&lock);
	return 0;
}

SEC("tc")
int bad(void *ctx)
{
	return add(replacing);
}

SEC("tc")
int fixed(void *ctx)
{
	return add(by_hash);
}

char LICENSE[] SEC("license") = "GPL";
