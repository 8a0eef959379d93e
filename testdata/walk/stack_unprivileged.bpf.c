// SPDX-License-Identifier: GPL-2.0-only
// What only a program without privileges may not do with its stack.
// bpf-lsp: --unprivileged
#include "walk.h"

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} ring SEC(".maps");

#define LEAVE "r0 = 0; exit"

ASM("socket", half_filled, "r2 = *(u32 *)(r1 + 0); *(u32 *)(r10 - 8) = r2; r0 = *(u64 *)(r10 - 8);" LEAVE)
ASM("socket", half_filled_high, "r2 = *(u32 *)(r1 + 0); *(u32 *)(r10 - 8) = r2; r0 = *(u32 *)(r10 - 4);" LEAVE)
ASM("socket", half_filled_low, "r2 = *(u32 *)(r1 + 0); *(u32 *)(r10 - 8) = r2; r0 = *(u16 *)(r10 - 8);" LEAVE)
ASM("socket", variable_read, "r2 = *(u32 *)(r1 + 0); r2 &= 8; *(u64 *)(r10 - 16) = 0; *(u64 *)(r10 - 8) = 0; r3 = r10; r3 += -16; r3 += r2; r0 = *(u64 *)(r3 + 0);" LEAVE)
/* A helper writes over a pointer. */
ASM("socket", pointer_filled, "*(u64 *)(r10 - 8) = r1; r2 = 0; r3 = r10; r3 += -8; r4 = 8; call 26;" LEAVE)
ASM("socket", pointer_half_filled, "*(u64 *)(r10 - 8) = r1; r2 = 0; r3 = r10; r3 += -8; r4 = 4; call 26;" LEAVE)
ASM("socket", number_half_filled, "*(u64 *)(r10 - 8) = 5; r2 = 0; r3 = r10; r3 += -8; r4 = 4; call 26;" LEAVE)
ASM("socket", nothing_filled, "r2 = 0; r3 = r10; r3 += -8; r4 = 8; call 26; r0 = *(u64 *)(r10 - 8); r0 = 0; exit")
ASM("socket", any_size_filled, "r4 = *(u32 *)(r1 + 0); r4 &= 7; r4 += 1; r2 = 0; r3 = r10; r3 += -8; call 26;" LEAVE)
ASM("socket", pointer_compared, "if r1 == r10 goto +0;" LEAVE)
ASM("socket", pointer_compared_null, "if r1 == 0 goto +0;" LEAVE)
ASM("socket", pointer_in_context, "*(u64 *)(r1 + 48) = r10;" LEAVE)
ASM("socket", number_in_context, "*(u64 *)(r1 + 48) = r0;" LEAVE)
ASM("socket", pointer_in_sample, "r1 = %[ring] ll; r2 = 8; r3 = 0; call 131; if r0 == 0 goto +4; *(u64 *)(r0 + 0) = r10; r1 = r0; r2 = 0; call 133;" LEAVE, [ring] "i"(&ring))
ASM("socket", number_in_sample, "r1 = %[ring] ll; r2 = 8; r3 = 0; call 131; if r0 == 0 goto +4; *(u64 *)(r0 + 0) = 1; r1 = r0; r2 = 0; call 133;" LEAVE, [ring] "i"(&ring))
