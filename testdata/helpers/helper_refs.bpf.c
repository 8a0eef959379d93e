// SPDX-License-Identifier: GPL-2.0-only
// References that helpers give out and take back.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct tcp_sock {
	__u32 snd_cwnd;
} __attribute__((preserve_access_index));

#define LOOKUP(map, n) bpf_map_lookup_elem(&map, &(int){ n })

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} rb SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4);
	__uint(key_size, 4);
	__uint(value_size, 16);
} raw SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(max_entries, 4);
	__uint(key_size, 4);
	__uint(value_size, 8);
} smap SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, 1);
	__type(key, int);
	__type(value, long);
} sks SEC(".maps");

SEC("tc")
int rb_var(struct __sk_buff *s)
{
	void *p = bpf_ringbuf_reserve(&rb, s->len & 63, 0);

	if (p)
		bpf_ringbuf_discard(p, 0);
	return 0;
}

SEC("tc")
int rb_off(struct __sk_buff *s)
{
	void *p = bpf_ringbuf_reserve(&rb, 64, 0);

	if (p)
		bpf_ringbuf_discard(p + 8, 0);
	return 0;
}

SEC("tc")
int rb_varoff(struct __sk_buff *s)
{
	void *p = bpf_ringbuf_reserve(&rb, 64, 0);

	if (p)
		bpf_ringbuf_discard(p + (s->mark & 7), 0);
	return 0;
}

SEC("tc")
int rb_nocheck(struct __sk_buff *s)
{
	void *p = bpf_ringbuf_reserve(&rb, 64, 0);

	bpf_ringbuf_discard(p, 0);
	return 0;
}

SEC("tc")
int rb_twice(struct __sk_buff *s)
{
	void *p = bpf_ringbuf_reserve(&rb, 64, 0);

	if (p) {
		bpf_ringbuf_discard(p, 0);
		bpf_ringbuf_discard(p, 0);
	}
	return 0;
}

SEC("tc")
int rb_map(struct __sk_buff *s)
{
	void *p = bpf_ringbuf_reserve(&raw, 64, 0);

	if (p) {
		bpf_ringbuf_discard(p, 0);
	}
	return 0;
}

SEC("tc")
int two_refs(struct __sk_buff *s)
{
	void *p = bpf_ringbuf_reserve(&rb, 64, 0), *q = bpf_ringbuf_reserve(&rb, 64, 0);

	if (p && q) {
		bpf_csum_diff(p, 8, q, 8, 0);
	}
	if (p)
		bpf_ringbuf_discard(p, 0);
	if (q)
		bpf_ringbuf_discard(q,0);
	return 0;
}

SEC("tc")
int sk_lookup(struct __sk_buff *s)
{
	struct bpf_sock_tuple t = {};
	struct bpf_sock *sk = bpf_sk_lookup_tcp(s, &t, sizeof(t.ipv4), -1, 0);

	if (!sk)
		return 0;
	struct bpf_tcp_sock *ts = bpf_tcp_sock(sk);
	int r = 0;
	if (ts)
		r = ts->snd_cwnd;
	bpf_sk_release(sk);
	return r;
}

SEC("tc")
int sk_cast_after(struct __sk_buff *s)
{
	struct bpf_sock_tuple t = {};
	struct bpf_sock *sk = bpf_sk_lookup_tcp(s, &t, sizeof(t.ipv4), -1, 0);

	if (!sk)
		return 0;
	struct bpf_tcp_sock *ts = bpf_tcp_sock(sk);
	bpf_sk_release(sk);
	if (ts)
		return ts->snd_cwnd;
	return 0;
}

SEC("tc")
int sk_full(struct __sk_buff *s)
{
	struct bpf_sock *sk = s->sk;

	if (!sk)
		return 0;
	sk = bpf_sk_fullsock(sk);
	if (!sk)
		return 0;
	struct bpf_sock *l = bpf_get_listener_sock(sk);
	if (!l)
		return 0;
	return l->state;
}

SEC("tc")
int sk_release_unowned(struct __sk_buff *s)
{
	struct bpf_sock *sk = s->sk;

	if (!sk)
		return 0;
	bpf_sk_release(sk);
	return 0;
}

SEC("kprobe/x")
int attach_cookie(void *c)
{
	return bpf_get_attach_cookie(c);
}

SEC("tc")
int storage_of_common(struct __sk_buff *s)
{
	struct bpf_sock *sk = s->sk;

	if (!sk)
		return 0;
	long *p = bpf_sk_storage_get(&sks, sk, 0, 1);
	return p ? *p : 0;
}

SEC("tc")
int storage_maybe_null(struct __sk_buff *s)
{
	long *p = bpf_sk_storage_get(&sks, s->sk, 0, 1);
	return p ? *p : 0;
}

SEC("tc")
int storage_of_full(struct __sk_buff *s)
{
	struct bpf_sock *sk = s->sk;

	if (!sk)
		return 0;
	sk = bpf_sk_fullsock(sk);
	if (!sk)
		return 0;
	long v = 1;
	long *p = bpf_sk_storage_get(&sks, sk, &v, 1);
	bpf_sk_storage_delete(&sks, sk);
	return p ? *p : 0;
}

SEC("tc")
int cast_to_tcp(struct __sk_buff *s)
{
	struct bpf_sock *sk = s->sk;

	if (!sk)
		return 0;
	struct tcp_sock *t = bpf_skc_to_tcp_sock(sk);
	return t ? t->snd_cwnd : 0;
}

SEC("tc")
int cast_twice(struct __sk_buff *s)
{
	struct bpf_sock *sk = s->sk;

	if (!sk)
		return 0;
	struct tcp_sock *t = bpf_skc_to_tcp_sock(sk);
	if (!t)
		return 0;
	struct udp6_sock *u = bpf_skc_to_udp6_sock(t);
	return u ? 1 : 0;
}

SEC("tc")
int cast_and_release(struct __sk_buff *s)
{
	struct bpf_sock_tuple t = {};
	struct bpf_sock *sk = bpf_skc_lookup_tcp(s, &t, sizeof(t.ipv4), -1, 0);

	if (!sk)
		return 0;
	struct tcp_sock *ts = bpf_skc_to_tcp_sock(sk);
	int r = 0;
	if (ts) {
		r = ts->snd_cwnd;
		bpf_sk_release(ts);
	} else
		bpf_sk_release(sk);
	return r;
}

SEC("tc")
int assign_and_release(struct __sk_buff *s)
{
	struct bpf_sock_tuple t = {};
	struct bpf_sock *sk = bpf_skc_lookup_tcp(s, &t, sizeof(t.ipv4), -1, 0);

	if (!sk)
		return 0;
	bpf_sk_assign(s, sk, 0);
	bpf_sk_release(sk);
	return bpf_get_socket_cookie(s);
}

SEC("tc")
int cookies(struct __sk_buff *s)
{
	return bpf_get_netns_cookie(s) + bpf_get_netns_cookie(0);
}
