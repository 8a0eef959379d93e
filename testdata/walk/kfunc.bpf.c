// SPDX-License-Identifier: GPL-2.0-only
// Calls of kernel functions, and the regions that they open.
#include "walk.h"
#include <bpf/bpf_core_read.h>

#define CONTAINS(type, member) __attribute__((btf_decl_tag("contains:" #type ":" #member)))
#define NEW(type) bpf_obj_new_impl(bpf_core_type_id_local(type), 0)
#define NEW_PERCPU(type) bpf_percpu_obj_new_impl(bpf_core_type_id_local(type), 0)

struct bpf_list_head {
	__u64 opaque[2];
} __attribute__((aligned(8)));
struct bpf_list_node {
	__u64 opaque[3];
} __attribute__((aligned(8)));
struct bpf_rb_root {
	__u64 opaque[2];
} __attribute__((aligned(8)));
struct bpf_rb_node {
	__u64 opaque[4];
} __attribute__((aligned(8)));
struct bpf_refcount {
	__u32 opaque[1];
} __attribute__((aligned(4)));
struct bpf_wq {
	__u64 opaque[2];
} __attribute__((aligned(8)));
struct task_struct {
	int pid;
} __attribute__((preserve_access_index));
struct cgroup {
	int level;
} __attribute__((preserve_access_index));

struct item {
	__u64 value;
};
struct counted {
	struct bpf_rb_node node;
	struct bpf_refcount refs;
};
struct leaf {
	struct bpf_rb_node node;
};
struct large {
	__u64 values[100];
};
struct pointing {
	void *p;
	__u64 value;
};
struct worked {
	struct bpf_wq work;
};

extern void *bpf_obj_new_impl(__u64 type, void *meta) __ksym;
extern void *bpf_percpu_obj_new_impl(__u64 type, void *meta) __ksym;
extern void bpf_obj_drop_impl(void *object, void *meta) __ksym;
extern void bpf_percpu_obj_drop_impl(void *object, void *meta) __ksym;
extern void *bpf_refcount_acquire_impl(void *object, void *meta) __ksym;
extern int bpf_rbtree_add_impl(struct bpf_rb_root *root, struct bpf_rb_node *node,
			       _Bool(less)(struct bpf_rb_node *, const struct bpf_rb_node *), void *meta, __u64 off) __ksym;
extern struct task_struct *bpf_task_from_pid(int pid) __ksym;
extern struct task_struct *bpf_task_acquire(struct task_struct *t) __ksym;
extern void bpf_task_release(struct task_struct *t) __ksym;
extern struct cgroup *bpf_cgroup_from_id(__u64 id) __ksym;
extern void bpf_cgroup_release(struct cgroup *c) __ksym;
extern void *bpf_rdonly_cast(const void *p, __u32 id) __ksym;
extern void *bpf_cast_to_kern_ctx(void *ctx) __ksym;
extern int bpf_dynptr_from_skb(struct __sk_buff *skb, __u64 flags, struct bpf_dynptr *p) __ksym;
extern void *bpf_dynptr_slice_rdwr(const struct bpf_dynptr *p, __u32 off, void *buf, __u32 size) __ksym;
extern int bpf_copy_from_user_str(void *to, __u32 size, const void *from, __u64 flags) __ksym;
extern void bpf_rcu_read_lock(void) __ksym;
extern void bpf_rcu_read_unlock(void) __ksym;
extern void bpf_preempt_disable(void) __ksym;
extern void bpf_preempt_enable(void) __ksym;
extern void bpf_local_irq_save(unsigned long *flags) __ksym;
extern void bpf_local_irq_restore(unsigned long *flags) __ksym;
extern int bpf_wq_init(struct bpf_wq *wq, void *map, unsigned int flags) __ksym;

ASM("tc", no_function, RAW(0x85, 0, 2, 0, 1) "r0 = 0; exit")

SEC("tc") int number_pointer(struct __sk_buff *skb)
{
	struct cgroup *c = bpf_cgroup_from_id((long)skb);

	if (c)
		bpf_cgroup_release(c);
	return 0;
}

SEC("tc") int released_unchecked(struct __sk_buff *skb)
{
	bpf_cgroup_release(bpf_cgroup_from_id(1));
	return 0;
}

SEC("tc") int new_of_variable(struct __sk_buff *skb) { return !bpf_obj_new_impl(skb->len, 0); }
SEC("tc") int new_of_long(struct __sk_buff *skb) { return !bpf_obj_new_impl(1ULL << 32, 0); }
SEC("tc") int new_of_number(struct __sk_buff *skb) { return !NEW(__u32); }
SEC("tc") int new_of_nothing(struct __sk_buff *skb) { return !bpf_obj_new_impl(99999999, 0); }
SEC("tc") int percpu_large(struct __sk_buff *skb) { return !NEW_PERCPU(struct large); }
SEC("tc") int percpu_pointing(struct __sk_buff *skb) { return !NEW_PERCPU(struct pointing); }
SEC("tc") int percpu_special(struct __sk_buff *skb) { return !NEW_PERCPU(struct counted); }

#define HOLD(type, make)                       \
	type *n = make(type);                  \
	if (!n)                                \
		return 0
SEC("tc") int dropped(struct __sk_buff *skb)
{
	HOLD(struct item, NEW);
	bpf_obj_drop_impl(n, 0);
	return 0;
}
SEC("tc") int dropped_as_percpu(struct __sk_buff *skb)
{
	HOLD(struct item, NEW);
	bpf_percpu_obj_drop_impl(n, 0);
	return 0;
}
SEC("tc") int percpu_dropped(struct __sk_buff *skb)
{
	HOLD(struct item, NEW_PERCPU);
	bpf_percpu_obj_drop_impl(n, 0);
	return 0;
}
SEC("tc") int percpu_dropped_as_other(struct __sk_buff *skb)
{
	HOLD(struct item, NEW_PERCPU);
	bpf_obj_drop_impl(n, 0);
	return 0;
}
SEC("tc") int dropped_task(struct __sk_buff *skb)
{
	struct task_struct *t = bpf_task_from_pid(1);

	if (t)
		bpf_obj_drop_impl(t, 0);
	return 0;
}
SEC("tc") int counted_task(struct __sk_buff *skb)
{
	struct task_struct *t = bpf_task_from_pid(1);

	if (t)
		bpf_refcount_acquire_impl(t, 0);
	return 0;
}
SEC("tc") int counted_item(struct __sk_buff *skb)
{
	HOLD(struct item, NEW);
	bpf_refcount_acquire_impl(n, 0);
	return 0;
}
SEC("tc") int counted_leaf(struct __sk_buff *skb)
{
	HOLD(struct leaf, NEW);
	bpf_refcount_acquire_impl(n, 0);
	return 0;
}
SEC("tc") int counted_twice(struct __sk_buff *skb)
{
	HOLD(struct counted, NEW);
	bpf_obj_drop_impl(bpf_refcount_acquire_impl(n, 0), 0);
	bpf_obj_drop_impl(n, 0);
	return 0;
}

SEC("tc") int cast_unknown(struct __sk_buff *skb) { return !bpf_rdonly_cast(skb, 99999999); }
SEC("tc") int cast_number(struct __sk_buff *skb) { return !bpf_rdonly_cast(skb, 1); }
SEC("tc") int cast_variable(struct __sk_buff *skb) { return !bpf_rdonly_cast(skb, skb->len); }
SEC("tc") int cast_void(struct __sk_buff *skb) { return *(int *)bpf_rdonly_cast(skb, 0); }
SEC("tc") int cast_context(struct __sk_buff *skb) { return !bpf_cast_to_kern_ctx(skb); }
SEC("tc") int cast_stack(struct __sk_buff *skb)
{
	__u64 x = 0;

	return !bpf_cast_to_kern_ctx(&x);
}
SEC("tc") int acquired_stack(struct __sk_buff *skb)
{
	__u64 x[2] = { 0, 0 };
	struct task_struct *t = bpf_task_acquire((void *)x);

	if (t)
		bpf_task_release(t);
	return 0;
}
SEC("tc") int acquired_context(struct __sk_buff *skb)
{
	struct task_struct *t = bpf_task_acquire((void *)skb);

	if (t)
		bpf_task_release(t);
	return 0;
}

#define SLICE                                                \
	struct bpf_dynptr p;                                 \
	char b[8] = {}, *s;                                  \
	bpf_dynptr_from_skb(skb, 0, &p);                     \
	s = bpf_dynptr_slice_rdwr(&p, 0, b, sizeof(b));      \
	return s ? s[0] & 1 : 0
SEC("cgroup_skb/egress") int slice_not_written(struct __sk_buff *skb) { SLICE; }
SEC("tc") int slice(struct __sk_buff *skb) { SLICE; }

#define SLEEP(b) bpf_copy_from_user_str(b, sizeof(b), (void *)1, 0)
SEC("syscall") int sleeps(void *ctx)
{
	char b[8];

	SLEEP(b);
	return 0;
}
SEC("tc") int sleeps_nowhere(struct __sk_buff *skb)
{
	char b[8];

	SLEEP(b);
	return 0;
}
SEC("syscall") int sleeps_in_rcu(void *ctx)
{
	char b[8];

	bpf_rcu_read_lock();
	SLEEP(b);
	bpf_rcu_read_unlock();
	return 0;
}
SEC("syscall") int sleeps_without_preemption(void *ctx)
{
	char b[8];

	bpf_preempt_disable();
	SLEEP(b);
	bpf_preempt_enable();
	return 0;
}
SEC("syscall") int sleeps_without_irq(void *ctx)
{
	unsigned long flags;
	char b[8];

	bpf_local_irq_save(&flags);
	SLEEP(b);
	bpf_local_irq_restore(&flags);
	return 0;
}

#define A SEC(".data.a") __attribute__((aligned(8)))
struct bpf_spin_lock lock A;
struct bpf_rb_root tree A CONTAINS(counted, node);
#define B SEC(".data.b") __attribute__((aligned(8)))
struct bpf_spin_lock lock_b B;
__u64 plain B;

static _Bool less(struct bpf_rb_node *a, const struct bpf_rb_node *b) { return 1; }
static _Bool less_locks(struct bpf_rb_node *a, const struct bpf_rb_node *b)
{
	bpf_spin_lock(&lock_b);
	return 1;
}
static _Bool less_unlocks(struct bpf_rb_node *a, const struct bpf_rb_node *b)
{
	bpf_spin_unlock(&lock);
	return 1;
}
static _Bool less_protects(struct bpf_rb_node *a, const struct bpf_rb_node *b)
{
	bpf_rcu_read_lock();
	return 1;
}
static _Bool less_two(struct bpf_rb_node *a, const struct bpf_rb_node *b)
{
	asm volatile("r0 = 2; exit");
	__builtin_unreachable();
}

#define ADD(name, how)                                              \
	SEC("tc") int name(struct __sk_buff *skb)                   \
	{                                                           \
		HOLD(struct counted, NEW);                          \
		bpf_rcu_read_lock();                                \
		bpf_spin_lock(&lock);                               \
		bpf_rbtree_add_impl(&tree, &n->node, how, 0, 0);    \
		bpf_spin_unlock(&lock);                             \
		bpf_rcu_read_unlock();                              \
		return 0;                                           \
	}
ADD(added, less)
ADD(added_locks, less_locks)
ADD(added_unlocks, less_unlocks)
ADD(added_protects, less_protects)
ADD(added_two, less_two)

SEC("tc") int locks_two(struct __sk_buff *skb)
{
	bpf_spin_lock(&lock);
	bpf_spin_lock(&lock_b);
	bpf_spin_unlock(&lock_b);
	bpf_spin_unlock(&lock);
	return 0;
}
SEC("tc") int locks_and_calls(struct __sk_buff *skb)
{
	bpf_spin_lock(&lock);
	bpf_get_prandom_u32();
	bpf_spin_unlock(&lock);
	return 0;
}
SEC("tc") int locks_in_sequence(struct __sk_buff *skb)
{
	bpf_spin_lock(&lock);
	bpf_spin_unlock(&lock);
	bpf_spin_lock(&lock_b);
	bpf_spin_unlock(&lock_b);
	return 0;
}

#define WORKS(name)                                     \
	struct {                                        \
		__uint(type, BPF_MAP_TYPE_ARRAY);       \
		__uint(max_entries, 1);                 \
		__type(key, __u32);                     \
		__type(value, struct worked);           \
	} name SEC(".maps")
WORKS(works);
WORKS(other_works);

#define WORK(name, map)                                             \
	SEC("tc") int name(struct __sk_buff *skb)                   \
	{                                                           \
		__u32 key = 0;                                      \
		struct worked *w = bpf_map_lookup_elem(&works, &key); \
		if (w)                                              \
			bpf_wq_init(&w->work, map, 0);              \
		return 0;                                           \
	}
WORK(work, &works)
WORK(work_of_another, &other_works)
WORK(work_of_nothing, 0)
WORK(work_of_context, skb)
