// SPDX-License-Identifier: GPL-2.0-only
// Allocates a counter. Only structures can be allocated.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct counter {
	__u64 packets;
};

extern void *bpf_obj_new_impl(__u64 type, void *meta) __ksym;
extern void bpf_obj_drop_impl(void *p, void *meta) __ksym;

#define NEW(type) ((type *)bpf_obj_new_impl(__builtin_btf_type_id(*(type *)0, 0), NULL))

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u64 *packets = NEW(__u64); // want call-type/type-id-argument "bpf_obj_new/bpf_percpu_obj_new type ID argument must be of a struct"

	if (packets)
		bpf_obj_drop_impl(packets, NULL);
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	struct counter *c = NEW(struct counter);

	if (c)
		bpf_obj_drop_impl(c, NULL);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
