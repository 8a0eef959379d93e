// SPDX-License-Identifier: GPL-2.0-only
// Shapes of programs: jumps, functions, and the stack of all calls together.
#include "walk.h"

#define LEAVE "r0 = 0; exit"
#define ROOM(n) "r1 = 0; *(u64 *)(r10 - " #n ") = r1;"

ASM("socket", jump_out, "goto +5;" LEAVE)
ASM("socket", jump_before, "goto -5;" LEAVE)
ASM("socket", jump_into_wide, "goto +1; r1 = 1 ll;" LEAVE)
ASM("socket", falls_off, "r0 = 0; r1 = 0;")
ASM("socket", unreachable, "goto +1; r1 = 0;" LEAVE)
ASM("socket", endless, "1: goto 1b;" LEAVE)
ASM("socket", endless_counting, "r0 = 0; 1: r0 += 1; goto 1b; exit")
ASM("socket", loops, "r0 = 0; 1: r0 += 1; if r0 < 5 goto 1b; r0 = 0; exit")
ASM("socket", long_jump_out, RAW(0x06, 0, 0, 0, 99) LEAVE)

SUB(deep_200, ROOM(200) LEAVE)
SUB(deep_304, ROOM(304) LEAVE)
SUB(deep_512, ROOM(512) LEAVE)
SUB(deep_over_304, ROOM(200) "call deep_304;" LEAVE)
ASM("socket", stack_at_most, ROOM(200) "call deep_200;" LEAVE)
ASM("socket", stack_over, ROOM(200) "call deep_512;" LEAVE)
ASM("socket", stack_deep, ROOM(8) "call deep_over_304;" LEAVE)
ASM("kprobe", stack_private, ROOM(200) "call deep_512;" LEAVE)
ASM("kprobe", stack_private_deep, ROOM(304) "call deep_over_304;" LEAVE)
ASM("iter/task", stack_not_private, ROOM(200) "call deep_512;" LEAVE)

SUB(recursion, "call recursion;" LEAVE)
ASM("socket", recursive, "call recursion;" LEAVE)

SUB(eighth, LEAVE)
SUB(seventh, "call eighth;" LEAVE)
SUB(sixth, "call seventh;" LEAVE)
SUB(fifth, "call sixth;" LEAVE)
SUB(fourth, "call fifth;" LEAVE)
SUB(third, "call fourth;" LEAVE)
SUB(second, "call third;" LEAVE)
SUB(first, "call second;" LEAVE)
ASM("socket", eight_calls, "call second;" LEAVE)
ASM("socket", nine_calls, "call first;" LEAVE)

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} programs SEC(".maps");

static __attribute__((noinline)) int goes_on(struct __sk_buff *skb)
{
	bpf_tail_call(skb, &programs, 0);
	return 0;
}
SEC("tc") int tail_call_shallow(struct __sk_buff *skb)
{
	volatile char b[200];

	b[0] = 1;
	return goes_on(skb);
}
SEC("tc") int tail_call_deep(struct __sk_buff *skb)
{
	volatile char b[300];

	b[0] = 1;
	return goes_on(skb);
}
SEC("tc") void tail_call_of_no_result(struct __sk_buff *skb)
{
	bpf_tail_call(skb, &programs, 0);
	asm volatile("r0 = 0");
}

ASM("socket", nine_calls_never_made, "r1 = 0; if r1 == 0 goto 1f; call first; 1:" LEAVE)
