// SPDX-License-Identifier: GPL-2.0-only
// A second loop starts with the iterator of the first, which was not destroyed.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct bpf_iter_num {
	__u64 opaque[1];
} __attribute__((aligned(8)));

extern int bpf_iter_num_new(struct bpf_iter_num *it, int start, int end) __ksym;
extern int *bpf_iter_num_next(struct bpf_iter_num *it) __ksym;
extern void bpf_iter_num_destroy(struct bpf_iter_num *it) __ksym;

__u64 sum;

SEC("tc")
int bad(struct __sk_buff *skb)
{
	struct bpf_iter_num it;
	int *i;

	bpf_iter_num_new(&it, 0, 10);
	while ((i = bpf_iter_num_next(&it)))
		sum += *i;
	bpf_iter_num_new(&it, 10, 20); // want resource-lifetime/iterator-already-initialized "expected uninitialized iter_num as"
	while ((i = bpf_iter_num_next(&it)))
		sum -= *i;
	bpf_iter_num_destroy(&it);
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	struct bpf_iter_num it;
	int *i;

	bpf_iter_num_new(&it, 0, 10);
	while ((i = bpf_iter_num_next(&it)))
		sum += *i;
	bpf_iter_num_destroy(&it);
	bpf_iter_num_new(&it, 10, 20);
	while ((i = bpf_iter_num_next(&it)))
		sum -= *i;
	bpf_iter_num_destroy(&it);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
