// SPDX-License-Identifier: GPL-2.0-only
// Counts to three. An iterator is known to the verifier only while it is in a local
// variable.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct bpf_iter_num {
	__u64 opaque[1];
};

extern int bpf_iter_num_new(struct bpf_iter_num *it, int start, int end) __ksym;
extern int *bpf_iter_num_next(struct bpf_iter_num *it) __ksym;
extern void bpf_iter_num_destroy(struct bpf_iter_num *it) __ksym;

struct bpf_iter_num shared;

SEC("tc")
int bad(struct __sk_buff *skb)
{
	bpf_iter_num_new(&shared, 0, 3); // want call-type/iterator-argument "arg#0 expected pointer to an iterator on stack"
	while (bpf_iter_num_next(&shared))
		bpf_printk("again");
	bpf_iter_num_destroy(&shared);
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	struct bpf_iter_num it;

	bpf_iter_num_new(&it, 0, 3);
	while (bpf_iter_num_next(&it))
		bpf_printk("again");
	bpf_iter_num_destroy(&it);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
