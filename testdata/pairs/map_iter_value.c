// SPDX-License-Identifier: GPL-2.0-only
// The last round of a map iterator has no value.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

struct bpf_iter__bpf_map_elem {
	void *meta, *map, *key, *value;
} __attribute__((preserve_access_index));

__u64 sum;

SEC("iter/bpf_map_elem")
int bad(struct bpf_iter__bpf_map_elem *ctx)
{
	__u64 *value = ctx->value;

	sum += *value; // rejected register-type/nullable-dereference; change
	return 0;
}

SEC("iter/bpf_map_elem")
int fixed(struct bpf_iter__bpf_map_elem *ctx)
{
	__u64 *value = ctx->value;

	if (value)
		sum += *value;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
