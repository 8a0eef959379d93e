// SPDX-License-Identifier: GPL-2.0-only
// Programs on which the kernel's own verifier fails.
#include "walk.h"

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__uint(key_size, 4);
	__uint(value_size, 4);
} programs SEC(".maps");

SUB(never, "r0 = 0; exit")
SUB(never_too, "r0 = 0; exit")
SUB(always, "r0 = 0; exit")

/* The address of a function that is removed: nothing follows it. */
ASM("xdp", removed_last, "call %[always]; r1 = %[never] ll; r0 = 0; exit", [always] "i"(always), [never] "i"(never))
ASM("xdp", removed_before_another, "r1 = %[never] ll; call %[always]; r0 = 0; exit", [always] "i"(always), [never] "i"(never))
ASM("xdp", removed_alone, "r1 = %[never] ll; r0 = 0; exit", [never] "i"(never))
ASM("xdp", removed_two_last, "call %[always]; r1 = %[never] ll; r1 = %[too] ll; r0 = 0; exit",
    [always] "i"(always), [never] "i"(never), [too] "i"(never_too))
ASM("xdp", removed_two_before_another, "r1 = %[never] ll; r1 = %[too] ll; call %[always]; r0 = 0; exit",
    [always] "i"(always), [never] "i"(never), [too] "i"(never_too))
ASM("xdp", removed_second_before_another, "r1 = %[never] ll; r2 = %[too] ll; call %[always]; r0 = 0; goto +0; exit",
    [always] "i"(always), [never] "i"(never), [too] "i"(never_too))

/* Behind a jump to the next instruction, which is removed too. */
ASM("xdp", removed_last_after_nop, "call %[always]; goto +0; r1 = %[never] ll; r0 = 0; exit", [always] "i"(always), [never] "i"(never))
ASM("xdp", removed_last_after_dead_branch, "call %[always]; r2 = 1; if r2 == 1 goto +1; r2 = 2; r1 = %[never] ll; r0 = 0; exit",
    [always] "i"(always), [never] "i"(never))
ASM("xdp", removed_last_after_may_goto, "call %[always]; .8byte 0xe5; r1 = %[never] ll; r0 = 0; exit",
    [always] "i"(always), [never] "i"(never))

/* bpf_loop() made inline, with a callback that never runs. */
ASM("xdp", loop_never, "call %[always]; r1 = 0; r2 = %[never] ll; r3 = 0; r4 = 0; call 181; r0 = 0; exit",
    [always] "i"(always), [never] "i"(never))

/* A function that a legacy load leaves. */
static __attribute__((noinline)) int protocol(struct __sk_buff *skb)
{
	unsigned long long load_byte(void *skb, unsigned long long off) asm("llvm.bpf.load.byte");

	return load_byte(skb, 23);
}

SEC("socket")
int left_by_load(struct __sk_buff *skb)
{
	return protocol(skb) & 1;
}

/*
 * Never let R6 be what is asked for here, nor R1 to R5: it would become the argument of protocol(), and a kernel that
 * takes it to a frame that there is none of writes out of its memory.
 */
ASM("socket", left_by_load_precise, "r7 = 1; call %[protocol]; if r7 == 1 goto +1; r0 = 1; r0 = 0; exit", [protocol] "i"(protocol))
ASM("socket", left_by_load_precise_slot,
    "r7 = 1; *(u64 *)(r10 - 8) = r7; r7 = 2; call %[protocol]; r8 = *(u64 *)(r10 - 8); if r8 == 1 goto +1; r0 = 1; r0 = 0; exit",
    [protocol] "i"(protocol))

/* A callback that a tail call leaves. */
static int goes_on(__u32 i, void **ctx)
{
	bpf_tail_call(*ctx, &programs, 0);
	return 0;
}

SEC("tc")
int left_by_tail_call(struct __sk_buff *skb)
{
	bpf_loop(1, goes_on, &skb, 0);
	return 0;
}

SEC("tc")
int left_by_tail_call_never(struct __sk_buff *skb)
{
	bpf_loop(0, goes_on, &skb, 0);
	return 0;
}

/* may_goto to the next instruction costs no stack. */
ASM("xdp", may_goto_next, ".8byte 0xe5; r0 = 0; exit")
ASM("xdp", may_goto_next_twice, ".8byte 0x100e5; .8byte 0xe5; r0 = 0; exit")
ASM("xdp", may_goto_over_nop, ".8byte 0x100e5; goto +0; r0 = 0; exit")
ASM("xdp", may_goto_over, ".8byte 0x100e5; r0 = 1; r0 = 0; exit")
ASM("xdp", may_goto_next_and_over, ".8byte 0xe5; .8byte 0x100e5; r0 = 1; r0 = 0; exit")
