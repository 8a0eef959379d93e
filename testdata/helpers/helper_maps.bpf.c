// SPDX-License-Identifier: GPL-2.0-only
// Maps as arguments: which helper takes which map, keys, values, tail calls.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct val {
	struct bpf_spin_lock lock;
	int a;
	long b;
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
	__uint(key_size, 4);
	__uint(value_size, 16);
} raw SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, int);
	__type(value, long[4]);
	__uint(map_flags, 128);
} ro SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} rb SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 4);
	__uint(key_size, 4);
	__uint(value_size, 4);
} progs SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_BLOOM_FILTER);
	__uint(max_entries, 4);
	__uint(value_size, 8);
} bloom SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, 4);
	__uint(value_size, 8);
} queue SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(max_entries, 4);
	__uint(key_size, 4);
	__uint(value_size, 8);
} smap SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, 4);
	__uint(key_size, 4);
	__uint(value_size, 4);
} dmap SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 4);
	__type(key, int);
	__type(value, long);
} pa SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4);
	__type(key, int);
	__type(value, long);
} lru SEC(".maps");

SEC("tc")
int ro_update(struct __sk_buff *s)
{
	long x[4]={};

	bpf_map_update_elem(&ro, &(int){ 1 }, x, 0);
	return 0;
}

SEC("tc")
int ro_delete(struct __sk_buff *s)
{
	bpf_map_delete_elem(&ro, &(int){ 1 });
	return 0;
}

SEC("tc")
int tail_wrong(struct __sk_buff *s)
{
	bpf_tail_call(s, &raw, 1);
	return 0;
}

SEC("tc")
int tail_ok(struct __sk_buff *s)
{
	bpf_tail_call(s, &progs, 1);
	bpf_tail_call(s, &progs, s->mark);
	return 0;
}

SEC("tc")
int tail_ref(struct __sk_buff *s)
{
	void *p = bpf_ringbuf_reserve(&rb, 8, 0);

	if (!p)
		return 0;
	bpf_tail_call(s, &progs, 1);
	bpf_ringbuf_discard(p, 0);
	return 0;
}

static __noinline int tsub(struct __sk_buff *s)
{
	bpf_tail_call(s, &progs, 1);
	return 3;
}

SEC("tc")
int tail_sub(struct __sk_buff *s)
{
	void *d = (void *)(long)s->data, *e = (void *)(long)s->data_end;

	if (d + 4 > e)
		return 0;
	int r = tsub(s);
	return r + *(int*)d;
}

SEC("tc")
int tail_sub2(struct __sk_buff *s)
{
	int r = tsub(s);
	return r ? 1 : 0;
}

SEC("tc")
int bloom_peek(struct __sk_buff *s)
{
	long x = 0;

	bpf_map_peek_elem(&bloom, &x);
	return 0;
}

SEC("tc")
int bloom_peek_uninit(struct __sk_buff *s)
{
	long x;

	bpf_map_peek_elem(&bloom, &x);
	return 0;
}

SEC("tc")
int bloom_push(struct __sk_buff *s)
{
	long x = 1;

	bpf_map_push_elem(&bloom, &x, 0);
	return 0;
}

SEC("tc")
int bloom_pop(struct __sk_buff *s)
{
	long x = 1;

	bpf_map_pop_elem(&bloom, &x);
	return 0;
}

SEC("tc")
int queue_ops(struct __sk_buff *s)
{
	long x;

	bpf_map_pop_elem(&queue, &x);
	bpf_map_push_elem(&queue, &x, 0);
	bpf_map_peek_elem(&queue, &x);
	return x;
}

SEC("tc")
int queue_lookup(struct __sk_buff *s)
{
	long x=0;
	return (long)bpf_map_lookup_elem(&queue, &x);
}

SEC("tc")
int smap_push(struct __sk_buff *s)
{
	long x=0;

	bpf_map_push_elem(&smap, &x, 0);
	return 0;
}

SEC("tc")
int smap_peek(struct __sk_buff *s)
{
	long x=0;

	bpf_map_peek_elem(&smap, &x);
	return 0;
}

SEC("tc")
int smap_delete(struct __sk_buff *s)
{
	int x=0;

	bpf_map_delete_elem(&smap, &x);
	return 0;
}

SEC("tc")
int smap_lookup(struct __sk_buff *s)
{
	int x=0;
	struct bpf_sock *sk = bpf_map_lookup_elem(&smap, &x);

	if (!sk)
		return 0;
	int f = sk->family;
	bpf_sk_release(sk);
	return f;
}

SEC("tc")
int smap_leak(struct __sk_buff *s)
{
	int x=0;
	struct bpf_sock *sk = bpf_map_lookup_elem(&smap, &x);

	if (!sk)
		return 0;
	return sk->family;
}

SEC("tc")
int smap_update(struct __sk_buff *s)
{
	int x=0;
	struct bpf_sock *sk = bpf_map_lookup_elem(&smap, &x);

	if (!sk)
		return 0;
	bpf_map_update_elem(&smap, &x, sk, 0);
	bpf_sk_release(sk);
	return 0;
}

SEC("tc")
int dmap_update(struct __sk_buff *s)
{
	int x=0;

	bpf_map_update_elem(&dmap, &x, &x, 0);
	return 0;
}

SEC("tc")
int percpu_lookup(struct __sk_buff *s)
{
	int k=0;
	long *p = bpf_map_lookup_percpu_elem(&pa, &k, 0);

	return p ? *p : 0;
}

SEC("tc")
int percpu_wrong(struct __sk_buff *s)
{
	int k=0;
	long *p = bpf_map_lookup_percpu_elem(&lru, &k, 0);

	return p ? *p : 0;
}

SEC("tc")
int key_const(struct __sk_buff *s)
{
	int k=3;
	long *p = bpf_map_lookup_elem(&pa, &k);

	return *p;
}

SEC("tc")
int key_zero(struct __sk_buff *s)
{
	long k=0;
	long *p = bpf_map_lookup_elem(&pa, &k);

	return *p;
}

SEC("tc")
int key_oob(struct __sk_buff *s)
{
	int k=4;
	long *p = bpf_map_lookup_elem(&pa, &k);

	return *p;
}

SEC("tc")
int key_part(struct __sk_buff *s)
{
	long k=2;
	long *p = bpf_map_lookup_elem(&pa, &k);

	return *p;
}

SEC("tc")
int key_branch(struct __sk_buff *s)
{
	int k = 1;

	if (s->mark)
		k = 9;
	barrier_var(k);
	long *p = bpf_map_lookup_elem(&pa, &k);
	return p ? *p : 0;
}

SEC("tc")
int key_pkt(struct __sk_buff *s)
{
	void *d = (void *)(long)s->data, *e = (void *)(long)s->data_end;

	if (d + 8 > e)
		return 0;
	long *p = bpf_map_lookup_elem(&pa, d);
	return p ? *p : 0;
}

SEC("tc")
int key_mapval(struct __sk_buff *s)
{
	int *k = LOOKUP(lru, 1);

	if (!k)
		return 0;
	long *p = bpf_map_lookup_elem(&pa, k);
	return p ? *p : 0;
}

SEC("tc")
int key_null(struct __sk_buff *s)
{
	long *p = bpf_map_lookup_elem(&pa, 0);
	return p ? *p : 0;
}

SEC("tc")
int map_notmap(struct __sk_buff *s)
{
	int k = 0;
	long *p = bpf_map_lookup_elem(&k, &k);

	return p ? *p : 0;
}

SEC("tc")
int val_lock(struct __sk_buff *s)
{
	struct val v = {};

	bpf_map_update_elem(&locks, &(int){ 1 }, &v, 0);
	return 0;
}

SEC("tc")
int val_from_lock(struct __sk_buff *s)
{
	struct val *v = LOOKUP(locks, 1);

	if (v)
		bpf_map_update_elem(&raw, &(int){ 1 }, v, 0);
	return 0;
}

// An array that may stand for a smaller one where it is the inner map of another.
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, int);
	__type(value, long);
	__uint(map_flags, BPF_F_INNER_MAP);
} resizable SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, int);
	__type(value, long);
} fixed SEC(".maps");

SEC("xdp")
int constant_key(void *ctx)
{
	long *value = LOOKUP(fixed, 0);

	return *value & 1;
}

SEC("xdp")
int constant_key_of_resizable(void *ctx)
{
	long *value = LOOKUP(resizable, 0);

	return *value & 1;
}

SEC("xdp")
int constant_key_of_resizable_checked(void *ctx)
{
	long *value = LOOKUP(resizable, 0);

	return value ? *value & 1 : 0;
}
