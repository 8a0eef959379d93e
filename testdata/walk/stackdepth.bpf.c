// SPDX-License-Identifier: GPL-2.0-only
// What the stack of all functions together must not be, and calls that no path takes.
#include "walk.h"

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__uint(key_size, 4);
	__uint(value_size, 4);
} programs SEC(".maps");

struct timer_value {
	struct bpf_timer timer;
};
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct timer_value);
} timers SEC(".maps");

extern void bpf_throw(__u64 cookie) __ksym;

/* NEVER is the start of code that no path reaches. */
#define NEVER "r0 = 0; if r0 == 0 goto 1f;"

static __attribute__((noinline)) int tails(struct __sk_buff *ctx)
{
	bpf_tail_call(ctx, &programs, 0);
	return 0;
}

__attribute__((noinline)) int catches(__u64 cookie)
{
	asm volatile(NEVER "r1 = 0; call %[tails]; 1:" ::[tails] "i"(tails) : "r0", "r1", "r2", "r3", "r4", "r5");
	return 0;
}

__attribute__((noinline)) int catches_alone(__u64 cookie)
{
	return 0;
}

SEC("tc") __attribute__((btf_decl_tag("exception_callback:catches"))) int tail_call_of_catcher(struct __sk_buff *skb)
{
	bpf_throw(0);
	return 0;
}

SEC("tc") __attribute__((btf_decl_tag("exception_callback:catches_alone"))) int tail_call_elsewhere(struct __sk_buff *skb)
{
	tails(skb);
	bpf_throw(0);
	return 0;
}

static int rings(void *map, int *key, void *timer)
{
	asm volatile(NEVER "r1 = 0; r2 = %[programs] ll; r3 = 0; call 12; 1:" ::[programs] "i"(&programs) : "r0", "r1", "r2", "r3", "r4", "r5");
	return 0;
}

SEC("tc") int tail_call_of_timer(struct __sk_buff *skb)
{
	int key = 0;
	struct timer_value *v = bpf_map_lookup_elem(&timers, &key);

	if (v)
		bpf_timer_set_callback(&v->timer, rings);
	return 0;
}
