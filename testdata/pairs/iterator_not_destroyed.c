// SPDX-License-Identifier: GPL-2.0-only
// Leaves a loop over an iterator by a return.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

struct bpf_iter_num {
	__u64 opaque[1];
};


extern int bpf_iter_num_new(struct bpf_iter_num *it, int start, int end) __ksym;
extern int *bpf_iter_num_next(struct bpf_iter_num *it) __ksym;
extern void bpf_iter_num_destroy(struct bpf_iter_num *it) __ksym;

__u64 total;

SEC("raw_tp/sys_enter")
int bad(void *ctx)
{
	struct bpf_iter_num it;
	int *i;

	bpf_iter_num_new(&it, 0, 10);
	while ((i = bpf_iter_num_next(&it))) {
		if (*i == 5)
			return 0; // rejected resource-lifetime/unreleased-reference; change
		total += *i;
	}
	bpf_iter_num_destroy(&it);
	return 0;
}

SEC("raw_tp/sys_enter")
int fixed(void *ctx)
{
	struct bpf_iter_num it;
	int *i;

	bpf_iter_num_new(&it, 0, 10);
	while ((i = bpf_iter_num_next(&it))) {
		if (*i == 5)
			break;
		total += *i;
	}
	bpf_iter_num_destroy(&it);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
