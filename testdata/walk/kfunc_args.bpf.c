// SPDX-License-Identifier: GPL-2.0-only
// Arguments of kernel functions that only some of them have.
#include "walk.h"
#include <bpf/bpf_core_read.h>

#define CORE __attribute__((preserve_access_index))
struct task_struct {
	int pid;
} CORE;
struct bpf_map {
	int id;
} CORE;
struct bpf_task_work {
	__u64 opaque;
} __attribute__((aligned(8)));
struct bpf_wq {
	__u64 opaque[2];
} __attribute__((aligned(8)));
struct bpf_prog_aux;

extern __s64 bpf_map_sum_elem_count(const struct bpf_map *map) __ksym __weak;
extern int bpf_wq_init(struct bpf_wq *wq, void *p__map, unsigned int flags) __ksym;
extern int bpf_copy_from_user_str(void *dst, __u32 dst__sz, const void *unsafe_ptr__ign, __u64 flags) __ksym;
extern void *bpf_rdonly_cast(const void *obj, __u32 id) __ksym;
extern int bpf_missing(void) __ksym __weak;

struct value {
	struct bpf_wq wq;
	__u64 count;
};
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct value);
} queues SEC(".maps"), others SEC(".maps");

#define TC(name) SEC("tc") int name(struct __sk_buff *skb)

TC(counted) { return bpf_map_sum_elem_count((struct bpf_map *)&queues) & 1; }
TC(counted_context) { return bpf_map_sum_elem_count((void *)skb) & 1; }
TC(counted_number) { return bpf_map_sum_elem_count((void *)1) & 1; }
TC(counted_cast) { return bpf_map_sum_elem_count(bpf_rdonly_cast(skb, bpf_core_type_id_kernel(struct bpf_map))) & 1; }
TC(counted_cast_other) { return bpf_map_sum_elem_count(bpf_rdonly_cast(skb, bpf_core_type_id_kernel(struct task_struct))) & 1; }

TC(queue)
{
	__u32 key = 0;
	struct value *v = bpf_map_lookup_elem(&queues, &key);

	return v ? bpf_wq_init(&v->wq, &queues, 0) & 1 : 0;
}

TC(queue_of_value)
{
	__u32 key = 0;
	struct value *v = bpf_map_lookup_elem(&queues, &key);

	return v ? bpf_wq_init(&v->wq, v, 0) & 1 : 0;
}

TC(queue_of_other)
{
	__u32 key = 0;
	struct value *v = bpf_map_lookup_elem(&queues, &key);

	return v ? bpf_wq_init(&v->wq, &others, 0) & 1 : 0;
}

TC(queue_of_nothing)
{
	__u32 key = 0;
	struct value *v = bpf_map_lookup_elem(&queues, &key);

	return v ? bpf_wq_init(&v->wq, 0, 0) & 1 : 0;
}

TC(queue_of_context)
{
	__u32 key = 0;
	struct value *v = bpf_map_lookup_elem(&queues, &key);

	return v ? bpf_wq_init(&v->wq, skb, 0) & 1 : 0;
}

TC(queue_misplaced)
{
	__u32 key = 0;
	struct value *v = bpf_map_lookup_elem(&queues, &key);

	return v ? bpf_wq_init((void *)&v->count, &queues, 0) & 1 : 0;
}

TC(queue_on_stack)
{
	struct bpf_wq wq = {};

	return bpf_wq_init(&wq, &queues, 0) & 1;
}

/* Never pass a pointer to another kernel object as the map: a kernel that takes it for one reads whatever is there. */

SEC("syscall") int copied(void *ctx)
{
	char text[16];

	return bpf_copy_from_user_str(text, sizeof(text), 0, 0) & 1;
}

SEC("syscall") int copied_any(struct __sk_buff *ctx)
{
	char text[16] = {};

	return bpf_copy_from_user_str(text, ctx->len & 15, 0, 0) & 1;
}

SEC("syscall") int copied_too_much(struct __sk_buff *ctx)
{
	char text[16] = {};

	return bpf_copy_from_user_str(text, ctx->len & 31, 0, 0) & 1;
}

TC(exists) { return bpf_map_sum_elem_count != 0; }
TC(missing) { return bpf_missing != 0; }
