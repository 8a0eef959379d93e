// SPDX-License-Identifier: GPL-2.0-only
// Allocates a counter for each CPU and frees it again. What has a part on each CPU
// has functions of its own.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct counter {
	__u64 packets;
};

extern void *bpf_percpu_obj_new_impl(__u64 type, void *meta) __ksym;
extern void bpf_percpu_obj_drop_impl(void *p, void *meta) __ksym;
extern void bpf_obj_drop_impl(void *p, void *meta) __ksym;

SEC("tc")
int bad(struct __sk_buff *skb)
{
	struct counter *c = bpf_percpu_obj_new_impl(__builtin_btf_type_id(*(struct counter *)0, 0), NULL);

	if (c)
		bpf_obj_drop_impl(c, NULL); // want call-type/object-argument "arg#0 expected for bpf_percpu_obj_drop_impl()"
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	struct counter *c = bpf_percpu_obj_new_impl(__builtin_btf_type_id(*(struct counter *)0, 0), NULL);

	if (c)
		bpf_percpu_obj_drop_impl(c, NULL);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
