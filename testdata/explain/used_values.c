// SPDX-License-Identifier: GPL-2.0-only
// Advice that heeds what the statement and the loop of the fault use themselves.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct cgroup {
	int level;
};

#pragma clang attribute pop

extern struct cgroup *bpf_cgroup_from_id(__u64 id) __ksym;
extern struct cgroup *bpf_cgroup_ancestor(struct cgroup *of, int level) __ksym;
extern void bpf_cgroup_release(struct cgroup *of) __ksym;

struct text {
	__u32 used;
	char bytes[512];
};

struct list {
	__u32 count;
	__u32 items[20];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct text);
} texts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct list);
} lists SEC(".maps");

SEC("fentry/do_unlinkat")
int replaces_by_ancestor(void *ctx)
{
	struct cgroup *group = bpf_cgroup_from_id(bpf_get_current_cgroup_id());

	if (!group)
		return 0;
	group = bpf_cgroup_ancestor(group, 1); // want resource-lifetime/unreleased-reference "`group`, looked up by bpf_cgroup_from_id()" help "Give the result of this statement to another variable" "`bpf_cgroup_release(group);`" never "before this line"
	if (!group)
		return 0;
	bpf_cgroup_release(group);
	return 0;
}

SEC("fentry/do_unlinkat")
int replaces_by_another(void *ctx)
{
	struct cgroup *group = bpf_cgroup_from_id(bpf_get_current_cgroup_id());

	if (!group)
		return 0;
	group = bpf_cgroup_from_id(1); // want resource-lifetime/unreleased-reference "`group`, looked up by bpf_cgroup_from_id()" help "Call `bpf_cgroup_release(group);` in an `else`" never "another variable"
	if (!group)
		return 0;
	bpf_cgroup_release(group);
	return 0;
}

SEC("kprobe/do_unlinkat")
int appends(__u64 *ctx)
{
	__u32 zero = 0;
	struct text *text = bpf_map_lookup_elem(&texts, &zero);

	if (!text)
		return 0;
	__u32 used = text->used, more;
	bpf_probe_read_kernel(&more, sizeof(more), (void *)ctx[3]);
	if (used + more >= 512)
		return 0;
	bpf_probe_read_kernel(&text->bytes[used], more, (void *)ctx[4]); // want call-type/unbounded-size "limits the sum, not `more`" help "`used` alone is too large" "`if (used > 255 || more > 255) return 0;`"
	return 0;
}

SEC("tc")
int searches(struct __sk_buff *skb)
{
	__u32 zero = 0;
	struct list *list = bpf_map_lookup_elem(&lists, &zero);

	if (!list)
		return 0;
#pragma clang loop unroll(disable)
	for (__u32 i = 0; i < list->count; i++)
		if (list->items[i] == skb->mark) // want memory/out-of-bounds "`list->items` has 20 elements" "`i < list->count` in line 96 lets a larger `i` pass" help "Add `i < 20` to the condition of the loop in line 96" never "mask it"
			return 1;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
