// SPDX-License-Identifier: GPL-2.0-only
// Memory, locks and work that kernel functions are passed.
#include "walk.h"

struct task_struct {
	int pid;
} __attribute__((preserve_access_index));
struct bpf_map {
	int id;
} __attribute__((preserve_access_index));
struct bpf_task_work {
	__u64 opaque;
} __attribute__((aligned(8)));

extern int bpf_copy_from_user_str(void *dst, __u32 dst__sz, const void *unsafe_ptr__ign, __u64 flags) __ksym;
extern int bpf_dynptr_from_skb(struct __sk_buff *skb, __u64 flags, struct bpf_dynptr *p) __ksym;
extern void *bpf_dynptr_slice(const struct bpf_dynptr *p, __u32 off, void *buf, __u32 size) __ksym;
extern int bpf_task_work_schedule_signal_impl(struct task_struct *task, struct bpf_task_work *tw, void *map__map,
					      int (*callback)(struct bpf_map *map, void *key, void *value), void *aux__prog) __ksym;

/* The context of such a program is memory as the program sees it. */
SEC("syscall") int copied_to_context(void *ctx) { return bpf_copy_from_user_str(ctx, 8, 0, 0) & 1; }
SEC("syscall") int copied_to_context_any(struct __sk_buff *ctx) { return bpf_copy_from_user_str(ctx, ctx->len & 15, 0, 0) & 1; }
SEC("syscall") int copied_nothing_to_context(void *ctx) { return bpf_copy_from_user_str(ctx, 0, 0, 0) & 1; }
SEC("syscall") int copied_behind_context(void *ctx) { return bpf_copy_from_user_str(ctx, 1 << 20, 0, 0) & 1; }

static __attribute__((noinline)) int fills(char *memory)
{
	return bpf_copy_from_user_str(memory, 8, 0, 0) & 1;
}
SEC("syscall") int copied_to_context_below(void *ctx) { return fills(ctx); }

#define SLICE(name, size)                                         \
	SEC("tc") int name(struct __sk_buff *skb)                 \
	{                                                         \
		struct bpf_dynptr p;                              \
		char b[8] = {}, *s;                               \
                                                                  \
		bpf_dynptr_from_skb(skb, 0, &p);                  \
		s = bpf_dynptr_slice(&p, 0, b, sizeof(b));        \
		if (!s)                                           \
			return 0;                                 \
		s = bpf_dynptr_slice(&p, 0, s, size);             \
		return s ? s[0] & 1 : 0;                          \
	}
SLICE(slice_into_slice, sizeof(b))
SLICE(nothing_into_slice, 0)
SEC("tc") int slice_into_context(struct __sk_buff *skb)
{
	struct bpf_dynptr p;
	char *s;

	bpf_dynptr_from_skb(skb, 0, &p);
	s = bpf_dynptr_slice(&p, 0, skb, 8);
	return s ? s[0] & 1 : 0;
}

#define A SEC(".data.a") __attribute__((aligned(8)))
struct bpf_spin_lock lock A;
__u64 plain A;
SEC("tc") int unlocks_elsewhere(struct __sk_buff *skb)
{
	bpf_spin_lock(&lock);
	bpf_spin_unlock((void *)&plain);
	return 0;
}

struct worked {
	struct bpf_task_work work;
	__u64 count;
};
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct worked);
} works SEC(".maps"), other_works SEC(".maps");
static int works_on(struct bpf_map *map, void *key, void *value) { return 0; }

#define WORK(name, field, map)                                                                               \
	SEC("tp_btf/task_rename") int name(__u64 *ctx)                                                       \
	{                                                                                                    \
		__u32 key = 0;                                                                               \
		struct worked *w = bpf_map_lookup_elem(&works, &key);                                        \
		struct task_struct *t = (void *)bpf_get_current_task_btf();                                  \
                                                                                                             \
		return w ? bpf_task_work_schedule_signal_impl(t, (void *)&w->field, map, works_on, 0) & 1 : 0; \
	}
WORK(work, work, &works)
WORK(work_of_other, work, &other_works)
WORK(work_of_nothing, work, 0)
WORK(work_misplaced, count, &works)
