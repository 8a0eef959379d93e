// SPDX-License-Identifier: GPL-2.0-only
// A list is changed without the lock beside it.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

struct bpf_list_head {
	__u64 opaque[2];
} __attribute__((aligned(8)));
struct bpf_list_node {
	__u64 opaque[3];
} __attribute__((aligned(8)));

struct event {
	struct bpf_list_node node;
	__u32 len;
};

extern void *bpf_obj_new_impl(__u64 type, void *meta) __ksym;
extern int bpf_list_push_back_impl(struct bpf_list_head *head, struct bpf_list_node *node, void *meta, __u64 off) __ksym;

#define QUEUE SEC(".data.queue") __attribute__((aligned(8)))
struct bpf_spin_lock lock QUEUE;
struct bpf_list_head queue QUEUE __attribute__((btf_decl_tag("contains:event:node")));

SEC("tc")
int bad(struct __sk_buff *skb)
{
	struct event *e = bpf_obj_new_impl(bpf_core_type_id_local(struct event), NULL);

	if (!e)
		return 0;
	e->len = skb->len;
	bpf_list_push_back_impl(&queue, &e->node, NULL, 0); // want resource-lifetime/graph-lock-not-held "bpf_spin_lock at off=16 must be held for bpf_list_head"
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	struct event *e = bpf_obj_new_impl(bpf_core_type_id_local(struct event), NULL);

	if (!e)
		return 0;
	e->len = skb->len;
	bpf_spin_lock(&lock);
	bpf_list_push_back_impl(&queue, &e->node, NULL, 0);
	bpf_spin_unlock(&lock);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
