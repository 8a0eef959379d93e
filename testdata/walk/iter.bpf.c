// SPDX-License-Identifier: GPL-2.0-only
// Iterators, and what else a kernel function keeps on the stack.
#include "walk.h"

struct task_struct {
	int pid;
};
struct cgroup_subsys_state {
	int id;
};
struct bpf_iter_num {
	__u64 opaque[1];
} __attribute__((aligned(8)));
struct bpf_iter_task {
	__u64 opaque[3];
} __attribute__((aligned(8)));
struct bpf_iter_css_task {
	__u64 opaque[1];
} __attribute__((aligned(8)));

extern int bpf_iter_num_new(struct bpf_iter_num *it, int start, int end) __ksym;
extern int *bpf_iter_num_next(struct bpf_iter_num *it) __ksym;
extern void bpf_iter_num_destroy(struct bpf_iter_num *it) __ksym;
extern int bpf_iter_task_new(struct bpf_iter_task *it, struct task_struct *task, unsigned int flags) __ksym;
extern struct task_struct *bpf_iter_task_next(struct bpf_iter_task *it) __ksym;
extern void bpf_iter_task_destroy(struct bpf_iter_task *it) __ksym;
extern int bpf_iter_css_task_new(struct bpf_iter_css_task *it, struct cgroup_subsys_state *css, unsigned int flags) __ksym;
extern void bpf_rcu_read_lock(void) __ksym;
extern void bpf_rcu_read_unlock(void) __ksym;
extern void bpf_local_irq_save(unsigned long *flags) __ksym;
extern void bpf_local_irq_restore(unsigned long *flags) __ksym;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} ring SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct bpf_iter_task);
} rows SEC(".maps");

#define TC(name) SEC("tc") int name(struct __sk_buff *skb)
#define TASKS ((struct task_struct *)0)

TC(counts)
{
	struct bpf_iter_num it;
	int *n, sum = 0;

	bpf_iter_num_new(&it, 0, 10);
	while ((n = bpf_iter_num_next(&it)))
		sum += *n;
	bpf_iter_num_destroy(&it);
	return sum & 1;
}

TC(counts_once)
{
	struct bpf_iter_num it;
	int *n;

	bpf_iter_num_new(&it, 0, 10);
	n = bpf_iter_num_next(&it);
	if (n)
		asm volatile("" ::"r"(*n));
	bpf_iter_num_destroy(&it);
	return 0;
}

TC(counts_unchecked)
{
	struct bpf_iter_num it;
	int n;

	bpf_iter_num_new(&it, 0, 10);
	n = *bpf_iter_num_next(&it);
	bpf_iter_num_destroy(&it);
	return n & 1;
}

TC(counts_nested)
{
	struct bpf_iter_num outer, inner;
	int sum = 0;

	bpf_iter_num_new(&outer, 0, 10);
	while (bpf_iter_num_next(&outer)) {
		bpf_iter_num_new(&inner, 0, 10);
		while (bpf_iter_num_next(&inner))
			sum++;
		bpf_iter_num_destroy(&inner);
	}
	bpf_iter_num_destroy(&outer);
	return sum & 1;
}

static __attribute__((noinline)) int next_of(struct bpf_iter_num *it)
{
	return bpf_iter_num_next(it) != 0;
}

TC(counts_in_function)
{
	struct bpf_iter_num it;

	bpf_iter_num_new(&it, 0, 10);
	while (next_of(&it))
		;
	bpf_iter_num_destroy(&it);
	return 0;
}

TC(left_open)
{
	struct bpf_iter_num it;

	bpf_iter_num_new(&it, 0, 10);
	return 0;
}

TC(made_twice)
{
	struct bpf_iter_num it;

	bpf_iter_num_new(&it, 0, 10);
	bpf_iter_num_new(&it, 0, 10);
	bpf_iter_num_destroy(&it);
	return 0;
}

TC(next_of_nothing)
{
	struct bpf_iter_num it;

	bpf_iter_num_next(&it);
	return 0;
}

TC(next_of_destroyed)
{
	struct bpf_iter_num it;

	bpf_iter_num_new(&it, 0, 10);
	bpf_iter_num_destroy(&it);
	bpf_iter_num_next(&it);
	return 0;
}

TC(destroyed_twice)
{
	struct bpf_iter_num it;

	bpf_iter_num_new(&it, 0, 10);
	bpf_iter_num_destroy(&it);
	bpf_iter_num_destroy(&it);
	return 0;
}

TC(next_of_row)
{
	__u32 key = 0;
	void *row = bpf_map_lookup_elem(&rows, &key);

	if (row)
		bpf_iter_num_next(row);
	return 0;
}

TC(made_misplaced)
{
	__u64 room[2];

	bpf_iter_num_new((void *)room + 4, 0, 10);
	return 0;
}

TC(made_somewhere)
{
	__u64 room[3] = {};

	bpf_iter_num_new((void *)room + (skb->len & 8), 0, 10);
	return 0;
}

TC(made_beyond)
{
	__u64 room;

	bpf_iter_num_new((void *)(&room + 1), 0, 10);
	return 0;
}

TC(next_misplaced)
{
	struct bpf_iter_num it;

	bpf_iter_num_new(&it, 0, 10);
	bpf_iter_num_next((void *)&it + 4);
	bpf_iter_num_destroy(&it);
	return 0;
}

TC(next_somewhere)
{
	struct bpf_iter_num it[2];

	bpf_iter_num_new(&it[0], 0, 10);
	bpf_iter_num_next((void *)it + (skb->len & 8));
	bpf_iter_num_destroy(&it[0]);
	return 0;
}

TC(overwritten)
{
	struct bpf_iter_num it;

	bpf_iter_num_new(&it, 0, 10);
	*(volatile __u8 *)&it = 0;
	bpf_iter_num_destroy(&it);
	return 0;
}

TC(made_over_dynptr)
{
	struct bpf_dynptr ptr;

	bpf_ringbuf_reserve_dynptr(&ring, 8, 0, &ptr);
	bpf_iter_num_new((void *)&ptr, 0, 10);
	bpf_ringbuf_discard_dynptr(&ptr, 0);
	return 0;
}

TC(irq_over_dynptr)
{
	struct bpf_dynptr ptr;

	bpf_ringbuf_reserve_dynptr(&ring, 8, 0, &ptr);
	bpf_local_irq_save((void *)&ptr);
	bpf_local_irq_restore((void *)&ptr);
	bpf_ringbuf_discard_dynptr(&ptr, 0);
	return 0;
}

TC(tasks)
{
	struct bpf_iter_task it;
	int n = 0;

	bpf_rcu_read_lock();
	bpf_iter_task_new(&it, TASKS, 0);
	while (bpf_iter_task_next(&it))
		n++;
	bpf_iter_task_destroy(&it);
	bpf_rcu_read_unlock();
	return n & 1;
}

TC(tasks_unprotected)
{
	struct bpf_iter_task it;

	bpf_iter_task_new(&it, TASKS, 0);
	bpf_iter_task_destroy(&it);
	return 0;
}

TC(tasks_in_two_sections)
{
	struct bpf_iter_task it;

	bpf_rcu_read_lock();
	bpf_iter_task_new(&it, TASKS, 0);
	bpf_rcu_read_unlock();
	bpf_rcu_read_lock();
	bpf_iter_task_next(&it);
	bpf_iter_task_destroy(&it);
	bpf_rcu_read_unlock();
	return 0;
}

TC(tasks_as_numbers)
{
	struct bpf_iter_task it;

	bpf_rcu_read_lock();
	bpf_iter_task_new(&it, TASKS, 0);
	bpf_iter_num_next((void *)&it);
	bpf_iter_task_destroy(&it);
	bpf_rcu_read_unlock();
	return 0;
}

TC(tasks_from_second_slot)
{
	struct bpf_iter_task it[2];

	bpf_rcu_read_lock();
	bpf_iter_task_new(&it[0], TASKS, 0);
	bpf_iter_task_next((void *)&it[0] + 8);
	bpf_iter_task_destroy(&it[0]);
	bpf_rcu_read_unlock();
	return 0;
}

TC(tasks_over_end_of_other)
{
	struct bpf_iter_task it[2];

	bpf_rcu_read_lock();
	bpf_iter_task_new(&it[0], TASKS, 0);
	bpf_iter_task_new((void *)&it[0] + 16, TASKS, 0);
	bpf_iter_task_destroy(&it[0]);
	bpf_rcu_read_unlock();
	return 0;
}

TC(tasks_of_group_here)
{
	struct bpf_iter_css_task it;

	bpf_iter_css_task_new(&it, (void *)skb, 0);
	return 0;
}
