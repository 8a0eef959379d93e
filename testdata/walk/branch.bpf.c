// SPDX-License-Identifier: GPL-2.0-only
// Conditional jumps.
#include "walk.h"

#define LEAVE "r0 = 0; exit"

ASM("socket", opcode, "r0 = 0;" RAW(0xf5, 0, 0, 0, 0) LEAVE)
ASM("socket", opcode_32, "r0 = 0;" RAW(0xf6, 0, 0, 0, 0) LEAVE)
ASM("socket", may_goto, RAW(0xe5, 0, 0, 1, 0) "r1 = 1;" LEAVE)
ASM("socket", may_goto_kind, RAW(0xe5, 0, 1, 1, 0) "r1 = 1;" LEAVE)
ASM("socket", may_goto_register, RAW(0xe5, 1, 0, 1, 0) "r1 = 1;" LEAVE)
ASM("socket", may_goto_imm, RAW(0xe5, 0, 0, 1, 1) "r1 = 1;" LEAVE)
ASM("socket", may_goto_32, RAW(0xe6, 0, 0, 1, 0) "r1 = 1;" LEAVE)
ASM("socket", may_goto_source, RAW(0xed, 0, 0, 1, 0) "r1 = 1;" LEAVE)
ASM("socket", operand_imm, "r0 = 0; r2 = 1;" RAW(0x1d, 0, 2, 0, 1) LEAVE)
ASM("socket", constant_register, "r0 = 0;" RAW(0x15, 0, 2, 0, 1) LEAVE)
ASM("socket", unreadable, "if r5 == 0 goto +0;" LEAVE)
ASM("socket", unreadable_operand, "if r1 == r5 goto +0;" LEAVE)
ASM("socket", unreadable_second, "r5 = 1; if r4 == r5 goto +0;" LEAVE)
ASM("socket", pointer_and_number, "r5 = 1; if r1 > r5 goto +0;" LEAVE)
ASM("socket", pointer_and_zero, "if r1 == 0 goto 1f;" LEAVE "; 1: r0 = *(u32 *)(r10 - 8); exit")
ASM("socket", pointers, "if r1 == r10 goto +0;" LEAVE)
ASM("socket", pointer_32, "if w1 == 0 goto +0;" LEAVE)
