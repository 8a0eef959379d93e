// SPDX-License-Identifier: GPL-2.0-only
// Arithmetic and moves of a loader without capabilities.
// bpf-lsp: --unprivileged
#include "walk.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64[8]);
} rows SEC(".maps");

/* LOOKUP leaves the row in R0, the context in R6. */
#define LOOKUP "r6 = r1; r1 = 0; *(u32 *)(r10 - 4) = r1; r2 = r10; r2 += -4; r1 = rows ll; call 1; if r0 == 0 goto 9f;"
#define LEAVE "9: r0 = 0; exit"

ASM("socket", negate_pointer, "r1 = -r1; r0 = 0; exit")
ASM("socket", swap_pointer, "r1 = be64 r1; r0 = 0; exit")
ASM("socket", move_partial_pointer, "w0 = w1; r0 = 0; exit")
ASM("socket", move_signed_pointer, RAW(0xbf, 0, 1, 8, 0) "r0 = 0; exit")
ASM("socket", pointers_difference, "r1 -= r10; r0 = 0; exit")
ASM("socket", pointer_difference_32, "w1 -= 1; r0 = 0; exit")
ASM("socket", context_moved, "r1 += 8; r0 = 0; exit")
ASM("socket", stack_masked, "r2 = r10; r2 &= -8; r0 = 0; exit")
ASM("socket", stack_beyond, "r2 = r10; r2 += -1024; r0 = 0; exit")
ASM("socket", stack_above, "r2 = r10; r2 += 8; r0 = 0; exit")
ASM("socket", stack_variable, "r3 = *(u32 *)(r1 + 0); r3 &= 7; r2 = r10; r2 += -16; r2 += r3; r0 = 0; exit")
ASM("socket", row_beyond, LOOKUP "r0 += 100; r1 = 0;" LEAVE)
ASM("socket", row_variable, LOOKUP "r3 = *(u32 *)(r6 + 0); r3 &= 7; r0 += r3; r1 = *(u8 *)(r0 + 0);" LEAVE)
ASM("socket", row_subtracted, LOOKUP "r3 = *(u32 *)(r6 + 0); r3 &= 7; r0 += 8; r0 -= r3; r1 = *(u8 *)(r0 + 0);" LEAVE)
ASM("socket", row_mixed_bounds, LOOKUP "r3 = *(u32 *)(r6 + 0); r3 &= 7; r3 -= 4; r0 += r3;" LEAVE)
ASM("socket", row_unbounded, LOOKUP "r3 = *(u32 *)(r6 + 0); r0 += r3;" LEAVE)
ASM("socket", row_masked, LOOKUP "r0 &= -8;" LEAVE)
ASM("socket", two_paths, LOOKUP "r3 = *(u32 *)(r6 + 0); if r3 > 9 goto 1f; r4 = 3; goto 2f; 1: r4 = 5; 2: r0 += r4; r1 = *(u8 *)(r0 + 0);" LEAVE)
ASM("socket", pointer_or_number, LOOKUP "r3 = *(u32 *)(r6 + 0); r4 = 0; if r3 > 9 goto 1f; r4 = r0; 1: r4 += 3;" LEAVE)
ASM("socket", number_or_pointer, LOOKUP "r3 = *(u32 *)(r6 + 0); r4 = r0; if r3 > 9 goto 1f; r4 = 0; 1: r4 += 3;" LEAVE)
ASM("socket", pointer_or_number_variable, LOOKUP "r3 = *(u32 *)(r6 + 0); r5 = r3; r5 &= 3; r4 = 0; if r3 > 9 goto 1f; r4 = r0; 1: r4 += r5;" LEAVE)
ASM("socket", number_or_pointer_variable, LOOKUP "r3 = *(u32 *)(r6 + 0); r5 = r3; r5 &= 3; r4 = r0; if r3 > 9 goto 1f; r4 = 0; 1: r4 += r5;" LEAVE)
ASM("socket", numbers_variable, "r3 = *(u32 *)(r1 + 0); r5 = r3; r5 &= 3; r4 = 0; r4 += r5; r0 = 0; exit")
