// SPDX-License-Identifier: GPL-2.0-only
// Kernel pointers in map values and objects.
// clang: -Wno-unused-variable
#include "walk.h"
#include <bpf/bpf_core_read.h>

#define KPTR __attribute__((btf_type_tag("kptr")))
#define KPTR_UNTRUSTED __attribute__((btf_type_tag("kptr_untrusted")))

struct task_struct {
	int pid;
} __attribute__((preserve_access_index));

extern struct task_struct *bpf_task_from_pid(int pid) __ksym;
extern void bpf_task_release(struct task_struct *t) __ksym;
extern void *bpf_obj_new_impl(__u64 type, void *meta) __ksym;
extern void bpf_obj_drop_impl(void *object, void *meta) __ksym;

struct held {
	struct task_struct KPTR *task;
	__u64 number;
	struct task_struct KPTR_UNTRUSTED *seen;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct held);
} tasks SEC(".maps");

#define HELD                                              \
	__u32 key = 0;                                    \
	struct held *h = bpf_map_lookup_elem(&tasks, &key); \
	struct task_struct *t, *old;                      \
	if (!h)                                           \
		return 0

SEC("tc") int exchanged_with_null(struct __sk_buff *skb)
{
	HELD;
	old = bpf_kptr_xchg(&h->task, 0);
	if (old)
		bpf_task_release(old);
	return 0;
}

SEC("tc") int exchanged_unchecked(struct __sk_buff *skb)
{
	HELD;
	t = bpf_task_from_pid(1);
	old = bpf_kptr_xchg(&h->task, t);
	if (old)
		bpf_task_release(old);
	return 0;
}

SEC("tc") int exchanged(struct __sk_buff *skb)
{
	HELD;
	t = bpf_task_from_pid(1);
	if (!t)
		return 0;
	old = bpf_kptr_xchg(&h->task, t);
	if (old)
		bpf_task_release(old);
	return 0;
}

SEC("tc") int exchanged_and_used(struct __sk_buff *skb)
{
	HELD;
	t = bpf_task_from_pid(1);
	if (!t)
		return 0;
	old = bpf_kptr_xchg(&h->task, t);
	if (old)
		bpf_task_release(old);
	bpf_task_release(t);
	return 0;
}

SEC("tc") int exchanged_lost(struct __sk_buff *skb)
{
	HELD;
	bpf_kptr_xchg(&h->task, 0);
	return 0;
}

SEC("tc") int exchanged_number(struct __sk_buff *skb)
{
	HELD;
	old = bpf_kptr_xchg(&h->number, 0);
	return !old;
}

SEC("tc") int exchanged_untrusted(struct __sk_buff *skb)
{
	HELD;
	old = bpf_kptr_xchg(&h->seen, 0);
	return !old;
}

SEC("tc") int exchanged_variable(struct __sk_buff *skb)
{
	void *p;
	HELD;

	p = (void *)h + (skb->len & 8);
	asm volatile("" : "+r"(p));
	old = bpf_kptr_xchg(p, 0);
	return !old;
}

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} numbers SEC(".maps");

SEC("tc") int exchanged_in_numbers(struct __sk_buff *skb)
{
	__u32 key = 0;
	__u64 *n = bpf_map_lookup_elem(&numbers, &key);

	return n && bpf_kptr_xchg(n, 0);
}

SEC("tc") int exchanged_in_object(struct __sk_buff *skb)
{
	struct held *n = bpf_obj_new_impl(bpf_core_type_id_local(struct held), 0);
	struct task_struct *t, *old;

	if (!n)
		return 0;
	t = bpf_task_from_pid(1);
	if (t) {
		old = bpf_kptr_xchg(&n->task, t);
		if (old)
			bpf_task_release(old);
	}
	bpf_obj_drop_impl(n, 0);
	return 0;
}

SEC("tc") int read(struct __sk_buff *skb)
{
	HELD;
	t = h->task;
	return t ? t->pid : 0;
}

SEC("tc") int read_narrow(struct __sk_buff *skb)
{
	HELD;
	return *(volatile __u32 *)&h->task;
}

SEC("tc") int read_split(struct __sk_buff *skb)
{
	HELD;
	return *(volatile __u32 *)((void *)&h->task + 4);
}

SEC("tc") int written_owned(struct __sk_buff *skb)
{
	HELD;
	*(struct task_struct *volatile *)&h->task = 0;
	return 0;
}

SEC("tc") int written_null(struct __sk_buff *skb)
{
	HELD;
	*(struct task_struct *volatile *)&h->seen = 0;
	return 0;
}

SEC("tc") int written_number(struct __sk_buff *skb)
{
	HELD;
	*(volatile __u64 *)&h->seen = 7;
	return 0;
}

SEC("tc") int written_task(struct __sk_buff *skb)
{
	HELD;
	t = bpf_task_from_pid(1);
	if (!t)
		return 0;
	*(struct task_struct *volatile *)&h->seen = t;
	bpf_task_release(t);
	return 0;
}

SEC("tc") int written_context(struct __sk_buff *skb)
{
	HELD;
	*(void *volatile *)&h->seen = skb;
	return 0;
}

SEC("tc") int written_at_variable(struct __sk_buff *skb)
{
	HELD;
	*(volatile __u64 *)((void *)h + (skb->len & 8)) = 0;
	return 0;
}
