// SPDX-License-Identifier: GPL-2.0-only
// Functions that are verified apart, and what is passed to them.
#include "walk.h"

#define TAG(name) __attribute__((btf_decl_tag("arg:" #name)))
#define GLOBAL __attribute__((noinline)) int
#define HIDE asm volatile("" : : : "memory")

struct unknown;

struct pair {
	__u32 a, b;
};

GLOBAL tag_unknown(int x TAG(strange)) { HIDE; return x; }
SEC("tc") int calls_tag_unknown(struct __sk_buff *skb) { return tag_unknown(1); }

static GLOBAL tag_static(struct pair *p TAG(nonnull)) { HIDE; return p->a; }
SEC("tc") int calls_tag_static(struct __sk_buff *skb)
{
	struct pair p = { 1, 2 };

	HIDE;
	return tag_static(&p);
}

GLOBAL tag_ctx_wrong(struct pair *p TAG(ctx)) { HIDE; return p ? 1 : 0; }
SEC("tc") int calls_tag_ctx_wrong(struct __sk_buff *skb) { return tag_ctx_wrong((void *)skb); }

GLOBAL tag_ctx(void *p TAG(ctx)) { HIDE; return ((struct __sk_buff *)p)->len; }
SEC("tc") int calls_tag_ctx(struct __sk_buff *skb) { return tag_ctx(skb); }

GLOBAL tag_ctx_nonnull(void *p TAG(ctx) TAG(nonnull)) { HIDE; return ((struct __sk_buff *)p)->len; }
SEC("tc") int calls_tag_ctx_nonnull(struct __sk_buff *skb) { return tag_ctx_nonnull(skb); }

GLOBAL tag_on_number(int x TAG(nonnull)) { HIDE; return x; }
SEC("tc") int calls_tag_on_number(struct __sk_buff *skb) { return tag_on_number(1); }

GLOBAL context(struct __sk_buff *skb) { HIDE; return skb->len; }
SEC("tc") int context_passed(struct __sk_buff *skb) { return context(skb); }
SEC("tc") int context_moved(struct __sk_buff *skb)
{
	void *p = (void *)skb + 8;

	asm volatile("" : "+r"(p));
	return context(p);
}
SEC("tc") int context_number(struct __sk_buff *skb) { return context((void *)1); }

GLOBAL number(int x) { HIDE; return x; }
SEC("tc") int number_pointer(struct __sk_buff *skb) { return number((long)skb); }

GLOBAL memory(struct pair *p) { HIDE; return p ? p->a : 0; }
SEC("tc") int memory_passed(struct __sk_buff *skb)
{
	struct pair p = { 1, 2 };

	HIDE;
	return memory(&p);
}
SEC("tc") int memory_short(struct __sk_buff *skb)
{
	__u32 p = 1;

	HIDE;
	return memory((void *)&p);
}
SEC("tc") int memory_socket(struct __sk_buff *skb)
{
	void *sk = skb->sk;

	if (!sk)
		return 0;
	asm volatile("%0 += 8" : "+r"(sk));
	return memory(sk);
}
SEC("tc") int memory_context_moved(struct __sk_buff *skb)
{
	void *p = (void *)skb + 8;

	asm volatile("" : "+r"(p));
	return memory(p);
}

GLOBAL memory_needed(struct pair *p TAG(nonnull)) { HIDE; return p->a; }
SEC("tc") int memory_null(struct __sk_buff *skb) { return memory_needed(0); }

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct pair);
} pairs SEC(".maps");

SEC("tc") int memory_unchecked(struct __sk_buff *skb)
{
	__u32 key = 0;

	return memory_needed(bpf_map_lookup_elem(&pairs, &key));
}

GLOBAL six(int a, struct pair *b, struct pair *c, int d, int e)
{
	HIDE;
	return a + d + e;
}
SEC("tc") int calls_six(struct __sk_buff *skb) { return six(1, 0, 0, 4, 5); }

GLOBAL to_number(void *p) { HIDE; return !p; }
SEC("tc") int calls_to_void(struct __sk_buff *skb) { return to_number(0); }

__attribute__((noinline)) struct pair *returns_pointer(int x) { HIDE; return 0; }
SEC("tc") int calls_returns_pointer(struct __sk_buff *skb) { return !returns_pointer(1); }

GLOBAL to_forward(struct unknown *p) { HIDE; return !p; }
SEC("tc") int calls_to_forward(struct __sk_buff *skb) { return to_forward(0); }

GLOBAL dynptr(const struct bpf_dynptr *d) { HIDE; return !d; }
SEC("tc") int dynptr_context_moved(struct __sk_buff *skb)
{
	void *p = (void *)skb + 8;

	asm volatile("" : "+r"(p));
	return dynptr(p);
}
