// SPDX-License-Identifier: GPL-2.0-only
// Atomic instructions.
#include "walk.h"

#define ATOMIC(size, dst, src, off, op) RAW(size, dst, src, off, op)
#define WORD 0xc3
#define LONG 0xdb
#define SLOT "r1 = 0; *(u64 *)(r10 - 8) = r1; r0 = 1; r2 = 2;"
#define LEAVE "r0 = 0; exit"

ASM("socket", opcode, SLOT RAW(0xdb, 10, 2, -8, 0x99) LEAVE)
ASM("socket", opcode_sub, SLOT RAW(0xdb, 10, 2, -8, 0x10) LEAVE)
ASM("socket", size_byte, SLOT RAW(0xd3, 10, 2, -8, 0) LEAVE)
ASM("socket", size_half, SLOT RAW(0xcb, 10, 2, -8, 0) LEAVE)
ASM("socket", sizes, SLOT RAW(0xdb, 10, 2, -8, 0) RAW(0xc3, 10, 2, -8, 0x40) RAW(0xc3, 10, 2, -4, 0x50) RAW(0xdb, 10, 2, -8, 0xa0) LEAVE)
ASM("socket", fetches, SLOT RAW(0xdb, 10, 2, -8, 0x01) RAW(0xc3, 10, 2, -8, 0x41) RAW(0xc3, 10, 2, -4, 0x51) RAW(0xdb, 10, 2, -8, 0xa1) RAW(0xdb, 10, 2, -8, 0xe1) RAW(0xdb, 10, 2, -8, 0xf1) "exit")
ASM("socket", unreadable_operand, SLOT RAW(0xdb, 10, 5, -8, 0) LEAVE)
ASM("socket", unreadable_address, SLOT RAW(0xdb, 5, 2, -8, 0) LEAVE)
ASM("socket", address_number, SLOT RAW(0xdb, 2, 1, -8, 0) LEAVE)
ASM("socket", exchange_unreadable, "r1 = 0; *(u64 *)(r10 - 8) = r1;" RAW(0xdb, 10, 1, -8, 0xf1) LEAVE)
ASM("socket", exchange_pointer, SLOT "r0 = r10;" RAW(0xdb, 10, 1, -8, 0xf1) LEAVE)
ASM("socket", fetch_into_frame_pointer, SLOT RAW(0xdb, 10, 10, -8, 1) LEAVE)
ASM("socket", pointer_operand, SLOT "r3 = r10;" RAW(0xdb, 10, 3, -8, 0) LEAVE)
ASM("socket", misaligned, SLOT "*(u64 *)(r10 - 16) = r1;" RAW(0xdb, 10, 2, -12, 0) LEAVE)
ASM("socket", misaligned_word, SLOT RAW(0xc3, 10, 2, -6, 0) LEAVE)
ASM("socket", beyond_stack, SLOT RAW(0xdb, 10, 2, 0, 0) LEAVE)
ASM("socket", unwritten, "r2 = 1;" RAW(0xdb, 10, 2, -8, 0) LEAVE)
ASM("socket", spilled_pointer, "*(u64 *)(r10 - 8) = r1; r2 = 1;" RAW(0xdb, 10, 2, -8, 0) LEAVE)
ASM("socket", spilled_pointer_fetched, "*(u64 *)(r10 - 8) = r1; r2 = 1;" RAW(0xdb, 10, 2, -8, 1) LEAVE)
ASM("socket", spilled_pointer_half, "*(u64 *)(r10 - 8) = r1; r2 = 1;" RAW(0xc3, 10, 2, -8, 1) LEAVE)
ASM("socket", context, SLOT "r6 = r1;" RAW(0xdb, 6, 2, 0, 0) LEAVE)
ASM("socket", context_added, "r2 = 1;" RAW(0xc3, 1, 2, 8, 0) LEAVE)

ASM("socket", acquire, SLOT RAW(0xdb, 3, 10, -8, 0x100) RAW(0xd3, 3, 10, -7, 0x100) LEAVE)
ASM("socket", acquire_unreadable, RAW(0xdb, 0, 5, 0, 0x100) LEAVE)
ASM("socket", acquire_context, RAW(0xc3, 0, 1, 0, 0x100) LEAVE)
ASM("socket", acquire_misaligned, SLOT "*(u64 *)(r10 - 16) = r1;" RAW(0xdb, 3, 10, -12, 0x100) LEAVE)
ASM("socket", acquire_number, SLOT RAW(0xdb, 3, 2, 0, 0x100) LEAVE)
ASM("socket", release, SLOT RAW(0xdb, 10, 2, -8, 0x110) RAW(0xcb, 10, 2, -6, 0x110) LEAVE)
ASM("socket", release_unreadable, RAW(0xdb, 10, 5, -8, 0x110) LEAVE)
ASM("socket", release_address_unreadable, "r2 = 1;" RAW(0xdb, 5, 2, -8, 0x110) LEAVE)
ASM("socket", release_context, "r2 = 1;" RAW(0xc3, 1, 2, 8, 0x110) LEAVE)
ASM("socket", release_misaligned, "r2 = 1;" RAW(0xdb, 10, 2, -12, 0x110) LEAVE)
ASM("socket", release_pointer, RAW(0xdb, 10, 1, -8, 0x110) LEAVE)

ASM("xdp", packet, "r6 = *(u32 *)(r1 + 0); r3 = *(u32 *)(r1 + 4); r4 = r6; r4 += 8; if r4 > r3 goto 9f; r2 = 1;" RAW(0xdb, 6, 2, 0, 0) "9:" LEAVE)
ASM("xdp", packet_acquire, "r6 = *(u32 *)(r1 + 0); r3 = *(u32 *)(r1 + 4); r4 = r6; r4 += 8; if r4 > r3 goto 9f; r2 = 1;" RAW(0xdb, 2, 6, 0, 0x100) "9:" LEAVE)

struct {
	__uint(type, BPF_MAP_TYPE_ARENA);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
} arena SEC(".maps");

#define ARENA "r3 = arena ll; r1 = 64; r4 = 1;" RAW(0xbf, 2, 1, 1, 1)
ASM("syscall", arena_add, ARENA RAW(0xdb, 2, 4, 0, 0) LEAVE)
ASM("syscall", arena_fetch_add, ARENA RAW(0xdb, 2, 4, 0, 1) LEAVE)
ASM("syscall", arena_fetch_and, ARENA RAW(0xdb, 2, 4, 0, 0x51) LEAVE)
ASM("syscall", arena_fetch_or, ARENA RAW(0xdb, 2, 4, 0, 0x41) LEAVE)
ASM("syscall", arena_fetch_xor, ARENA RAW(0xdb, 2, 4, 0, 0xa1) LEAVE)
ASM("syscall", arena_acquire, ARENA RAW(0xdb, 4, 2, 0, 0x100) LEAVE)
ASM("syscall", arena_release, ARENA RAW(0xdb, 2, 4, 0, 0x110) LEAVE)
ASM("syscall", arena_or_stack, "r5 = *(u32 *)(r1 + 0);" ARENA "*(u64 *)(r10 - 8) = r4; if r5 == 0 goto 1f; r2 = r10; r2 += -8; 1:" RAW(0xdb, 2, 4, 0, 0) LEAVE)
ASM("syscall", stack_or_arena, "r5 = *(u32 *)(r1 + 0);" ARENA "*(u64 *)(r10 - 8) = r4; if r5 != 0 goto 1f; r2 = r10; r2 += -8; 1:" RAW(0xdb, 2, 4, 0, 0) LEAVE)
