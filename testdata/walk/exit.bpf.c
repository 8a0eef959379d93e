// SPDX-License-Identifier: GPL-2.0-only
// What may be returned.
#include "walk.h"

extern void bpf_throw(__u64 cookie) __ksym;

ASM("socket", unwritten, "exit")
ASM("socket", pointer, "r0 = r1; exit")
ASM("cgroup_skb/egress", pointer_of_two, "r0 = r1; exit")
ASM("cgroup_skb/egress", unwritten_of_two, "exit")
ASM("cgroup_skb/egress", one_of_two, "r0 = 1; exit")
ASM("cgroup_skb/egress", too_many, "r0 = 4; exit")
ASM("cgroup_skb/egress", unknown, "r0 = *(u32 *)(r1 + 0); exit")
ASM("cgroup_skb/egress", bounded, "r0 = *(u32 *)(r1 + 0); r0 &= 3; exit")
ASM("cgroup/sysctl", negative, "r0 = -1; exit")
ASM("kprobe", any, "r0 = r1; exit")

__weak __attribute__((noinline)) int returns_context(struct __sk_buff *ctx) BODY("r0 = r1; exit")

SEC("tc") int calls_context(struct __sk_buff *skb)
{
	return returns_context(skb);
}

__weak __attribute__((noinline)) int returns_nothing(struct __sk_buff *ctx) BODY("exit")

SEC("tc") int calls_nothing(struct __sk_buff *skb)
{
	return returns_nothing(skb);
}

__weak __attribute__((noinline)) int returns_large(struct __sk_buff *ctx) BODY("r0 = 100; exit")

SEC("cgroup_skb/egress") int calls_large(struct __sk_buff *skb)
{
	return returns_large(skb);
}

SUB(returns_stack, "r0 = r10; exit")

SEC("tc") int calls_stack(struct __sk_buff *skb)
{
	return returns_stack();
}

SEC("cgroup_skb/egress") int throws(struct __sk_buff *skb)
{
	bpf_throw(0);
	return 1;
}

SEC("cgroup_skb/egress") int throws_large(struct __sk_buff *skb)
{
	bpf_throw(77);
	return 1;
}

struct bpf_timer_value {
	struct bpf_timer timer;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct bpf_timer_value);
} timers SEC(".maps");

static int rings_pointer(void *map, int *key, void *timer) BODY("r0 = r1; exit")

static int rings_one(void *map, int *key, void *timer) BODY("r0 = 1; exit")

static int rings_nothing(void *map, int *key, void *timer) BODY("exit")

static int rings(void *map, int *key, void *timer)
{
	return 0;
}

#define TIMER(name, callback)                                           \
	SEC("tc") int name(struct __sk_buff *skb)                       \
	{                                                               \
		__u32 key = 0;                                          \
		void *t = bpf_map_lookup_elem(&timers, &key);           \
		if (t)                                                  \
			bpf_timer_set_callback(t, callback);            \
		return 0;                                               \
	}
TIMER(timer, rings)
TIMER(timer_one, rings_one)
TIMER(timer_pointer, rings_pointer)
TIMER(timer_nothing, rings_nothing)

static long loops_pointer(__u32 i, void *ctx) BODY("r0 = r2; exit")

static long loops_two(__u32 i, void *ctx) BODY("r0 = 2; exit")

SEC("tc") int callback_pointer(struct __sk_buff *skb)
{
	bpf_loop(3, loops_pointer, skb, 0);
	return 0;
}

SEC("tc") int callback_two(struct __sk_buff *skb)
{
	bpf_loop(3, loops_two, 0, 0);
	return 0;
}

static long each_map(void *map, void *key, void *value, void *ctx) BODY("r0 = r1; exit")

SEC("tc") int callback_map(struct __sk_buff *skb)
{
	bpf_for_each_map_elem(&timers, each_map, 0, 0);
	return 0;
}
