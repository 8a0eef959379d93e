// SPDX-License-Identifier: GPL-2.0-only
// Functions of the kernel that the file calls by their own names: no macro hides the rest of the name.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

struct parcel {
	long weight, label;
};

extern void *bpf_obj_new_impl(__u64 type, void *meta) __ksym;
extern void bpf_obj_drop_impl(void *object, void *meta) __ksym;

long heaviest;

SEC("tc")
int keeps_a_parcel(struct __sk_buff *skb)
{
	struct parcel *p = bpf_obj_new_impl(bpf_core_type_id_local(struct parcel), (void *)0);

	if (!p)
		return 0;
	p->weight = skb->len;
	if (p->weight < heaviest)
		return 0; // want resource-lifetime/unreleased-reference "allocated by bpf_obj_new_impl()" help "`{ bpf_obj_drop_impl(p, (void *)0); return 0; }`" never "bpf_obj_drop(" "bpf_obj_new()"
	heaviest = p->weight;
	bpf_obj_drop_impl(p, (void *)0);
	return 0;
}

SEC("tc")
int drops_a_parcel(struct __sk_buff *skb)
{
	struct parcel *p = bpf_obj_new_impl(bpf_core_type_id_local(struct parcel), (void *)0);

	if (!p)
		return 0;
	p->weight = skb->len;
	if (p->weight < heaviest)
		{ bpf_obj_drop_impl(p, (void *)0); return 0; }
	heaviest = p->weight;
	bpf_obj_drop_impl(p, (void *)0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
