// SPDX-License-Identifier: GPL-2.0-only
// Arithmetic.
#include "walk.h"

ASM("socket", opcode, RAW(0xe7, 0, 0, 0, 1) "exit")
ASM("socket", negate_reserved_source, "r0 = 1;" RAW(0x8f, 0, 0, 0, 0) "exit")
ASM("socket", negate_reserved_off, "r0 = 1;" RAW(0x87, 0, 0, 1, 0) "exit")
ASM("socket", negate_reserved_imm, "r0 = 1;" RAW(0x87, 0, 0, 0, 1) "exit")
ASM("socket", negate_reserved_register, "r0 = 1;" RAW(0x87, 0, 1, 0, 0) "exit")
ASM("socket", negate_pointer, "r1 = -r1; r0 = 0; exit")
ASM("socket", negate_number, "r0 = 1; r0 = -r0; exit")
