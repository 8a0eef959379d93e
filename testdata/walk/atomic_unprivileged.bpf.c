// SPDX-License-Identifier: GPL-2.0-only
// Atomic instructions of a loader without capabilities.
// bpf-lsp: --unprivileged
#include "walk.h"

#define SLOT "r3 = 0; *(u64 *)(r10 - 8) = r3; r0 = 1; r2 = 2;"
#define LEAVE "r0 = 0; exit"

ASM("socket", pointer_operand, SLOT RAW(0xdb, 10, 1, -8, 0) LEAVE)
ASM("socket", exchange_pointer, SLOT "r0 = r1;" RAW(0xdb, 10, 2, -8, 0xf1) LEAVE)
ASM("socket", exchange_number, SLOT RAW(0xdb, 10, 2, -8, 0xf1) LEAVE)
ASM("socket", release_pointer, RAW(0xdb, 10, 1, -8, 0x110) LEAVE)
ASM("socket", spilled_pointer, "*(u64 *)(r10 - 8) = r1; r2 = 1;" RAW(0xdb, 10, 2, -8, 0) LEAVE)
ASM("socket", spilled_pointer_fetched, "*(u64 *)(r10 - 8) = r1; r2 = 1;" RAW(0xdb, 10, 2, -8, 1) LEAVE)
ASM("socket", spilled_pointer_half, "*(u64 *)(r10 - 8) = r1; r2 = 1;" RAW(0xc3, 10, 2, -8, 1) LEAVE)
