// SPDX-License-Identifier: GPL-2.0-only
// Numbers of which a comparison leaves nothing.
// bpf-lsp: --prog-flags 0x80
#include "walk.h"

#define LEAVE "r0 = 0; exit"
/* R2 is 5 or 6. */
#define FIVE_OR_SIX "r2 = *(u32 *)(r1 + 0); if r2 >= 5 goto +2; r0 = 0; exit; if r2 <= 6 goto +2; r0 = 0; exit;"
/* R2 is 16 or 24, of which only the limits say so. */
#define GAP "r2 = *(u32 *)(r1 + 0); r2 &= 24; r3 = 16; if w2 > 8 goto +2; r0 = 0; exit;"

ASM("tc", same_taken, FIVE_OR_SIX "if r2 > r2 goto +0;" LEAVE)
ASM("tc", same_taken_half, FIVE_OR_SIX "if w2 > w2 goto +0;" LEAVE)
ASM("tc", same_not_taken_half, FIVE_OR_SIX "if w2 <= w2 goto +0;" LEAVE)
ASM("tc", same_signed_half, FIVE_OR_SIX "if w2 s> w2 goto +0;" LEAVE)
ASM("tc", gap_first, GAP "if w2 < 16 goto +0;" LEAVE)
ASM("tc", gap_second, GAP "if w3 > w2 goto +0;" LEAVE)
ASM("tc", gap_not_first, GAP "if w2 >= 16 goto +0;" LEAVE)
ASM("tc", gap_not_second, GAP "if w3 <= w2 goto +0;" LEAVE)
ASM("tc", mixed, "r2 = *(u32 *)(r1 + 0); r2 &= 0xff; r3 = *(u32 *)(r1 + 4); r3 &= 0xff; if r2 < r3 goto +2; r0 = 0; exit; if w3 < w2 goto +0;" LEAVE)
ASM("tc", equal_bits, "r2 = *(u32 *)(r1 + 0); r2 &= 6; r3 = *(u32 *)(r1 + 4); r3 &= 6; r3 |= 1; if r2 == r3 goto +0;" LEAVE)
ASM("tc", equal_bits_half, "r2 = *(u32 *)(r1 + 0); r2 &= 6; r3 = *(u32 *)(r1 + 4); r3 &= 6; r3 |= 1; if w2 == w3 goto +0;" LEAVE)
ASM("tc", equal_gap, GAP "r3 = *(u32 *)(r1 + 4); r3 &= 7; r3 += 16; if r3 > 16 goto +2; r0 = 0; exit; if r2 == r3 goto +0;" LEAVE)
ASM("tc", below_gap, GAP "r3 = *(u32 *)(r1 + 4); r3 &= 7; r3 += 8; if w3 > w2 goto +0;" LEAVE)
/* The operand's half is either below or above the gap in its signed limits, the other one's inside. */
ASM("tc", equal_half_second, "r6 = *(u32 *)(r1 + 0); call 7; r2 = r6; r3 = r0;"
	"if w2 >= 0x7fffff7c goto +2; r0 = 0; exit; if w2 <= 0x800000af goto +2; r0 = 0; exit;"
	"if w3 s>= -298 goto +2; r0 = 0; exit; if w3 s<= 0x759c97a2 goto +2; r0 = 0; exit;"
	"if w2 == w3 goto +0;" LEAVE)
