// SPDX-License-Identifier: GPL-2.0-only
// Calls of helpers: which may be called where, and what they take.
#include "walk.h"

extern void bpf_rcu_read_lock(void) __ksym;
extern void bpf_rcu_read_unlock(void) __ksym;
extern void bpf_preempt_disable(void) __ksym;
extern void bpf_preempt_enable(void) __ksym;
extern void bpf_local_irq_save(unsigned long *) __ksym;
extern void bpf_local_irq_restore(unsigned long *) __ksym;

#define LEAVE "r0 = 0; exit"

ASM("socket", unknown_negative, "call -1;" LEAVE)
ASM("socket", unknown_zero, "call 0;" LEAVE)
ASM("socket", unknown, "call 9999;" LEAVE)
ASM("socket", unreadable_argument, "r1 = 0; call 12;" LEAVE)
ASM("kprobe", not_offered, "r1 = 0; r2 = 0; call 86;" LEAVE)

SEC("syscall") int sleeps(void *ctx)
{
	char b[8];

	bpf_copy_from_user(b, 8, (void *)1);
	return 0;
}

SEC("socket") int sleeps_where_none_may(void *ctx)
{
	char b[8];

	bpf_copy_from_user(b, 8, (void *)1);
	return 0;
}

SEC("syscall") int sleeps_in_rcu(void *ctx)
{
	char b[8];

	bpf_rcu_read_lock();
	bpf_copy_from_user(b, 8, (void *)1);
	bpf_rcu_read_unlock();
	return 0;
}

SEC("syscall") int sleeps_without_preemption(void *ctx)
{
	char b[8];

	bpf_preempt_disable();
	bpf_copy_from_user(b, 8, (void *)1);
	bpf_preempt_enable();
	return 0;
}

SEC("syscall") int sleeps_without_irq(void *ctx)
{
	unsigned long flags;
	char b[8];

	bpf_local_irq_save(&flags);
	bpf_copy_from_user(b, 8, (void *)1);
	bpf_local_irq_restore(&flags);
	return 0;
}

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} ring SEC(".maps");

SEC("socket") int awake_in_rcu(void *ctx)
{
	void *p;

	bpf_rcu_read_lock();
	p = bpf_ringbuf_reserve(&ring, 8, 0);
	if (p)
		bpf_ringbuf_discard(p, 0);
	bpf_rcu_read_unlock();
	return 0;
}

SEC("socket") int submit_twice(void *ctx)
{
	void *p = bpf_ringbuf_reserve(&ring, 8, 0);

	if (!p)
		return 0;
	bpf_ringbuf_submit(p, 0);
	bpf_ringbuf_submit(p, 0);
	return 0;
}

SEC("socket") int submit_moved(void *ctx)
{
	void *p = bpf_ringbuf_reserve(&ring, 8, 0);

	if (!p)
		return 0;
	bpf_ringbuf_submit(p + 4, 0);
	return 0;
}

SEC("socket") int submit_unchecked(void *ctx)
{
	bpf_ringbuf_submit(bpf_ringbuf_reserve(&ring, 8, 0), 0);
	return 0;
}

SEC("tc") int release_null(void *ctx)
{
	bpf_sk_release(0);
	return 0;
}

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u32);
} programs SEC(".maps");

static __attribute__((noinline)) int calls_on(struct __sk_buff *skb)
{
	bpf_tail_call(skb, &programs, 0);
	return 1;
}

SEC("tc") int tail_call_below(struct __sk_buff *skb)
{
	return calls_on(skb);
}

static __attribute__((noinline)) int calls_on_holding(struct __sk_buff *skb)
{
	void *p = bpf_ringbuf_reserve(&ring, 8, 0);

	bpf_tail_call(skb, &programs, 0);
	if (p)
		bpf_ringbuf_discard(p, 0);
	return 1;
}

SEC("tc") int tail_call_holding(struct __sk_buff *skb)
{
	return calls_on_holding(skb);
}

SEC("tc") int tail_call_variable(struct __sk_buff *skb)
{
	bpf_tail_call(skb, &programs, skb->len);
	return 0;
}

SEC("tc") int tail_call_null_context(struct __sk_buff *skb)
{
	bpf_tail_call(0, &programs, 0);
	return 0;
}
