// SPDX-License-Identifier: GPL-2.0-only
// Conditional jumps of a loader without capabilities.
// bpf-lsp: --unprivileged
#include "walk.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64[8]);
} rows SEC(".maps");

#define LOOKUP "r6 = r1; r1 = 0; *(u32 *)(r10 - 4) = r1; r2 = r10; r2 += -4; r1 = rows ll; call 1;"
#define LEAVE "r0 = 0; exit"

ASM("socket", pointer_and_number, "if r1 > 1 goto +0;" LEAVE)
ASM("socket", pointer_and_zero, "if r1 == 0 goto +0;" LEAVE)
ASM("socket", pointers, "if r1 == r10 goto +0;" LEAVE)
ASM("socket", pointer_32, "if w1 == 0 goto +0;" LEAVE)
ASM("socket", number_and_pointer, "r2 = *(u32 *)(r1 + 0); if r2 == r1 goto +0;" LEAVE)
ASM("socket", null, LOOKUP "if r0 == 0 goto +0;" LEAVE)
ASM("socket", null_32, LOOKUP "if w0 == 0 goto +0;" LEAVE)
ASM("socket", null_greater, LOOKUP "if r0 > 0 goto +0;" LEAVE)
ASM("socket", null_one, LOOKUP "if r0 == 1 goto +0;" LEAVE)
ASM("socket", null_register, LOOKUP "r1 = 0; if r0 == r1 goto +0;" LEAVE)
