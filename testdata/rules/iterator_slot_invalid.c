// SPDX-License-Identifier: GPL-2.0-only
// A packed struct puts the iterator at a place that is not aligned to 8 bytes.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct bpf_iter_num {
	__u64 opaque[1];
} __attribute__((aligned(8)));

extern int bpf_iter_num_new(struct bpf_iter_num *it, int start, int end) __ksym;
extern int *bpf_iter_num_next(struct bpf_iter_num *it) __ksym;
extern void bpf_iter_num_destroy(struct bpf_iter_num *it) __ksym;

SEC("tc")
int bad(struct __sk_buff *skb)
{
	struct {
		__u32 rounds;
		__u64 it;
	} __attribute__((packed, aligned(8))) loop = {};
	struct bpf_iter_num *it = (void *)&loop + sizeof(loop.rounds);

	bpf_iter_num_new(it, 0, 10); // want resource-lifetime/iterator-slot-invalid "at an offset="
	while (bpf_iter_num_next(it))
		loop.rounds++;
	bpf_iter_num_destroy(it);
	return loop.rounds;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	struct bpf_iter_num it;
	__u32 rounds = 0;

	bpf_iter_num_new(&it, 0, 10);
	while (bpf_iter_num_next(&it))
		rounds++;
	bpf_iter_num_destroy(&it);
	return rounds;
}

char LICENSE[] SEC("license") = "GPL";
