// SPDX-License-Identifier: GPL-2.0-only
// Ways that come back to where they were.
#include "walk.h"

#define LEAVE "r0 = 0; exit"
/* MAY_GOTO is an instruction that leaves a loop some time, past 2 instructions. */
#define MAY_GOTO RAW(0xe5, 0, 0, 2, 0)

ASM("tc", counts, "r6 = 0; 1:" MAY_GOTO "r6 += 1; goto 1b;" LEAVE)
ASM("tc", counts_nothing, "1:" MAY_GOTO "r6 = 1; goto 1b;" LEAVE)
ASM("tc", counts_precisely, "r6 = 0; 1:" MAY_GOTO "r6 += 1; if r6 != 100 goto 1b;" LEAVE)
ASM("tc", counts_into_stack, "r6 = 0; 1: r7 = r10; r7 += r6; *(u8 *)(r7 - 16) = 0;" MAY_GOTO "r6 += 1; goto 1b;" LEAVE)
ASM("tc", two_budgets, "r6 = 0; 1:" MAY_GOTO "r6 += 1; goto 1b; r7 = 0; 1:" MAY_GOTO "r7 += 1; goto 1b;" LEAVE)
ASM("tc", endless, "r6 = 0; 1: r6 = 0; goto 1b;" LEAVE)
ASM("tc", endless_branch, "r6 = *(u32 *)(r1 + 0); 1: if r6 == 7 goto 1b;" LEAVE)
ASM("tc", endless_toggle, "r6 = 0; 1: r6 ^= 1; goto 1b;" LEAVE)
ASM("tc", counts_32, "r6 = 0; 1: w6 += 1; if w6 < 20 goto 1b;" LEAVE)
ASM("tc", counts_down, "r6 = 20; 1: r6 += -1; if r6 s> 0 goto 1b;" LEAVE)
ASM("tc", counts_on_stack, "*(u64 *)(r10 - 8) = 0; 1: r6 = *(u64 *)(r10 - 8); r6 += 1; *(u64 *)(r10 - 8) = r6; if r6 < 20 goto 1b;" LEAVE)

struct timer_value {
	struct bpf_timer timer;
};
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct timer_value);
} timers SEC(".maps");

static int rings_again(void *map, int *key, struct bpf_timer *timer)
{
	bpf_timer_set_callback(timer, rings_again);
	return 0;
}

static int rings_other(void *map, int *key, struct bpf_timer *timer);

static int rings(void *map, int *key, struct bpf_timer *timer)
{
	bpf_timer_set_callback(timer, rings_other);
	return 0;
}

static int rings_other(void *map, int *key, struct bpf_timer *timer)
{
	bpf_timer_set_callback(timer, rings);
	return 0;
}

#define TIMER(name, callback)                                            \
	SEC("tc") int name(struct __sk_buff *skb)                        \
	{                                                                \
		int key = 0;                                             \
		struct timer_value *v = bpf_map_lookup_elem(&timers, &key); \
                                                                         \
		if (v)                                                   \
			bpf_timer_set_callback(&v->timer, callback);     \
		return 0;                                                \
	}

TIMER(timer_again, rings_again)
TIMER(timer_in_turns, rings)

/* TOSS leaves a path for later. */
#define TOSS "call 7; if r0 == 1 goto +0;"
static int rings_and_tosses(void *map, int *key, struct bpf_timer *timer)
{
	asm volatile(TOSS TOSS TOSS TOSS TOSS TOSS ::: "r0", "r1", "r2", "r3", "r4", "r5");
	bpf_timer_set_callback(timer, rings_and_tosses);
	return 0;
}
TIMER(timer_and_tosses, rings_and_tosses)

static int adds(__u32 i, __u64 *sum)
{
	*sum += i;
	return 0;
}

static int adds_often(__u32 i, __u64 *sum)
{
	bpf_loop(i & 3, adds, sum, 0);
	return 0;
}

SEC("tc") int loops(struct __sk_buff *skb)
{
	__u64 sum = 0;

	bpf_loop(skb->len, adds, &sum, 0);
	return sum & 1;
}

SEC("tc") int loops_nested(struct __sk_buff *skb)
{
	__u64 sum = 0;

	bpf_loop(skb->len, adds_often, &sum, 0);
	return sum & 1;
}

static int forever(__u32 i, __u64 *sum)
{
	for (;;)
		asm volatile("");
	return 0;
}

SEC("tc") int loops_forever(struct __sk_buff *skb)
{
	__u64 sum = 0;

	bpf_loop(skb->len, forever, &sum, 0);
	return sum & 1;
}
