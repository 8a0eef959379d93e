// SPDX-License-Identifier: GPL-2.0-only
// Special fields of map values as arguments: locks, timers and kernel pointers.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct val {
	struct bpf_spin_lock lock;
	int a;
	long b;
};

struct tval {
	int x;
	struct bpf_timer t;
	int y;
};

struct task_struct {
	int pid;
} __attribute__((preserve_access_index));

struct kval {
	struct task_struct __kptr *task;
	struct task_struct __attribute__((btf_type_tag("kptr_untrusted"))) *u;
	long pad;
};

struct tv {
	struct bpf_timer t;
};

#define LOOKUP(map, n) bpf_map_lookup_elem(&map, &(int){ n })

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, int);
	__type(value, struct val);
} locks SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4);
	__type(key, int);
	__type(value, struct tval);
} timers SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4);
	__type(key, int);
	__type(value, struct tval);
} timers2 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, int);
	__type(value, struct kval);
} kptrs SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4);
	__uint(key_size, 4);
	__uint(value_size, 16);
} raw SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 4);
	__type(key, int);
	__type(value, long);
} pa SEC(".maps");

struct inner {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, int);
	__type(value, struct tv);
} in1 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 2);
	__type(key, int);
	__array(values, struct inner);
} om SEC(".maps") = {
	.values = { &in1 },
};

SEC("tc")
int lock_ok(struct __sk_buff *s)
{
	struct val *v = LOOKUP(locks, 1);

	if (!v)
		return 0;
	bpf_spin_lock(&v->lock);
	v->a++;
	bpf_spin_unlock(&v->lock);
	return 0;
}

SEC("tc")
int lock_var(struct __sk_buff *s)
{
	struct val *v = LOOKUP(locks, 1);

	if (!v)
		return 0;
	unsigned o = s->mark & 4;
	bpf_spin_lock((void *)v + o);
	return 0;
}

SEC("tc")
int lock_off(struct __sk_buff *s)
{
	struct val *v = LOOKUP(locks, 1);

	if (!v)
		return 0;
	bpf_spin_lock((void *)&v->b);
	return 0;
}

SEC("tc")
int lock_nobtf(struct __sk_buff *s)
{
	void *v = LOOKUP(raw, 1);

	if (!v)
		return 0;
	bpf_spin_lock(v);
	return 0;
}

SEC("tc")
int lock_none(struct __sk_buff *s)
{
	void *v = LOOKUP(pa, 1);

	if (!v)
		return 0;
	bpf_spin_lock(v);
	return 0;
}

SEC("tc")
int lock_two(struct __sk_buff *s)
{
	struct val *v = LOOKUP(locks, 1), *w = LOOKUP(locks, 2);

	if (!v || !w)
		return 0;
	bpf_spin_lock(&v->lock);
	bpf_spin_lock(&w->lock);
	return 0;
}

SEC("tc")
int unlock_other(struct __sk_buff *s)
{
	struct val *v = LOOKUP(locks, 1), *w = LOOKUP(locks, 2);

	if (!v || !w)
		return 0;
	bpf_spin_lock(&v->lock);
	bpf_spin_unlock(&w->lock);
	return 0;
}

SEC("tc")
int unlock_none(struct __sk_buff *s)
{
	struct val *v = LOOKUP(locks, 1);

	if (!v)
		return 0;
	bpf_spin_unlock(&v->lock);
	return 0;
}

SEC("tc")
int lock_exit(struct __sk_buff *s)
{
	struct val *v = LOOKUP(locks, s->mark);

	if (!v)
		return 0;
	bpf_spin_lock(&v->lock);
	return 0;
}

SEC("tc")
int lock_call(struct __sk_buff *s)
{
	struct val *v = LOOKUP(locks, s->mark);

	if (!v)
		return 0;
	bpf_spin_lock(&v->lock);
	bpf_ktime_get_ns();
	return 0;
}

SEC("tc")
int lock_null(struct __sk_buff *s)
{
	struct val *v = LOOKUP(locks, 77);

	bpf_spin_lock(&v->lock);
	return 0;
}

SEC("tc")
int lock_stack(struct __sk_buff *s)
{
	struct bpf_spin_lock l = {};

	bpf_spin_lock(&l);
	return 0;
}

static int cb(void *map, int *key, struct tval *v)
{
	return 0;
}

SEC("tc")
int timer_ok(struct __sk_buff *s)
{
	struct tval *v = LOOKUP(timers, 1);

	if (!v)
		return 0;
	bpf_timer_init(&v->t, &timers, 1);
	bpf_timer_set_callback(&v->t, cb);
	bpf_timer_start(&v->t, 1000, 0);
	bpf_timer_cancel(&v->t);
	return 0;
}

SEC("tc")
int timer_othermap(struct __sk_buff *s)
{
	struct tval *v = LOOKUP(timers, 1);

	if (!v)
		return 0;
	bpf_timer_init(&v->t, &timers2, 1);
	return 0;
}

SEC("tc")
int timer_var(struct __sk_buff *s)
{
	struct tval *v = LOOKUP(timers, 1);

	if (!v)
		return 0;
	bpf_timer_cancel((void *)v + (s->mark & 8));
	return 0;
}

SEC("tc")
int timer_off(struct __sk_buff *s)
{
	struct tval *v = LOOKUP(timers, 1);

	if (!v)
		return 0;
	bpf_timer_cancel((void *)v);
	return 0;
}

SEC("tc")
int timer_none(struct __sk_buff *s)
{
	struct tval *v = LOOKUP(locks, 1);

	if (!v)
		return 0;
	bpf_timer_cancel((void *)v);
	return 0;
}

SEC("tc")
int timer_nobtf(struct __sk_buff *s)
{
	struct tval *v = LOOKUP(raw, 1);

	if (!v)
		return 0;
	bpf_timer_cancel((void *)v);
	return 0;
}

SEC("tc")
int kptr_none(struct __sk_buff *s)
{
	struct kval *v = LOOKUP(locks, 1);

	if (!v)
		return 0;
	bpf_kptr_xchg(&v->task, 0);
	return 0;
}

SEC("tc")
int kptr_nobtf(struct __sk_buff *s)
{
	struct kval *v = LOOKUP(raw, 1);

	if (!v)
		return 0;
	bpf_kptr_xchg(&v->task, 0);
	return 0;
}

SEC("tc")
int kptr_off(struct __sk_buff *s)
{
	struct kval *v = LOOKUP(kptrs, 1);

	if (!v)
		return 0;
	bpf_kptr_xchg((void *)&v->pad, 0);
	return 0;
}

SEC("tc")
int kptr_var(struct __sk_buff *s)
{
	struct kval *v = LOOKUP(kptrs, 1);

	if (!v)
		return 0;
	bpf_kptr_xchg((void *)v+(s->mark&8), 0);
	return 0;
}

SEC("tc")
int kptr_unref(struct __sk_buff *s)
{
	struct kval *v = LOOKUP(kptrs, 1);

	if (!v)
		return 0;
	bpf_kptr_xchg(&v->u, 0);
	return 0;
}

SEC("tc")
int kptr_leak(struct __sk_buff *s)
{
	struct kval *v = LOOKUP(kptrs, 1);

	if (!v)
		return 0;
	bpf_kptr_xchg(&v->task, 0);
	return 0;
}

SEC("tc")
int kptr_back(struct __sk_buff *s)
{
	struct kval *v = LOOKUP(kptrs, 1);

	if (!v)
		return 0;
	void *p = bpf_kptr_xchg(&v->task, 0);
	if (p) {
		p = bpf_kptr_xchg(&v->task, p);
		if (p)
			bpf_kptr_xchg(&v->task, p);
	}
	return 0;
}

SEC("tc")
int kptr_twice(struct __sk_buff *s)
{
	struct kval *v = LOOKUP(kptrs, 1);

	if (!v)
		return 0;
	void *p = bpf_kptr_xchg(&v->task, 0);
	if (p) {
		bpf_kptr_xchg(&v->task, p);
		bpf_kptr_xchg(&v->task, p);
	}
	return 0;
}

static int tcb(void *m, int *k, struct tv *v)
{
	return 0;
}

SEC("tc")
int inner_timer(void *c)
{
	void *m = bpf_map_lookup_elem(&om, &(int){ 0 });

	if (!m)
		return 0;
	struct tv *v = bpf_map_lookup_elem(m, &(int){ 0 });
	if (!v)
		return 0;
	bpf_timer_init(&v->t, m, 0);
	bpf_timer_set_callback(&v->t, tcb);
	return 0;
}

SEC("tc")
int inner_timer_other_lookup(void *c)
{
	void *m = bpf_map_lookup_elem(&om, &(int){ 0 });

	if (!m)
		return 0;
	void *m2 = bpf_map_lookup_elem(&om, &(int){ 1 });
	if (!m2)
		return 0;
	struct tv *v = bpf_map_lookup_elem(m, &(int){ 0 });
	if (!v)
		return 0;
	bpf_timer_init(&v->t, m2, 0);
	return 0;
}

SEC("tc")
int outer_update(void *c)
{
	bpf_map_update_elem(&om, &(int){ 0 }, &(int){ 0 }, 0);
	return 0;
}
