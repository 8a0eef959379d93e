// SPDX-License-Identifier: GPL-2.0-only
// Arithmetic and moves.
#include "walk.h"

ASM("socket", opcode, RAW(0xe7, 0, 0, 0, 1) "exit")

ASM("socket", negate_reserved_source, "r0 = 1;" RAW(0x8f, 0, 0, 0, 0) "exit")
ASM("socket", negate_reserved_off, "r0 = 1;" RAW(0x87, 0, 0, 1, 0) "exit")
ASM("socket", negate_reserved_imm, "r0 = 1;" RAW(0x87, 0, 0, 0, 1) "exit")
ASM("socket", negate_reserved_register, "r0 = 1;" RAW(0x87, 0, 1, 0, 0) "exit")
ASM("socket", negate_unknown, "r0 = r5; r0 = -r0; exit")
ASM("socket", negate_unreadable, "r5 = -r5; r0 = 0; exit")
ASM("socket", negate_pointer, "r1 = -r1; r0 = 0; exit")
ASM("socket", negate_frame_pointer, "r10 = -r10; r0 = 0; exit")
ASM("socket", negate_number, "r0 = 1; r0 = -r0; exit")
ASM("socket", negate_unknown_number, "r0 = *(u32 *)(r1 + 0); r0 = -r0; w0 = -w0; exit")

ASM("socket", swap_reserved_register, "r0 = 1;" RAW(0xd4, 0, 1, 0, 16) "exit")
ASM("socket", swap_reserved_off, "r0 = 1;" RAW(0xd4, 0, 0, 1, 16) "exit")
ASM("socket", swap_width, "r0 = 1;" RAW(0xd4, 0, 0, 0, 8) "exit")
ASM("socket", swap_source_64, "r0 = 1;" RAW(0xdf, 0, 0, 0, 16) "exit")
ASM("socket", swaps, "r0 = *(u32 *)(r1 + 0); r0 = be16 r0;" RAW(0xd7, 0, 0, 0, 64) "r0 = le32 r0; exit")
ASM("socket", swap_unreadable, "r5 = be64 r5; r0 = 0; exit")

ASM("socket", move_imm_reserved_register, RAW(0xb7, 0, 1, 0, 1) "exit")
ASM("socket", move_imm_reserved_off, RAW(0xb7, 0, 0, 1, 1) "exit")
ASM("socket", move32_off, "r0 = 1;" RAW(0xbc, 0, 0, 4, 0) "exit")
ASM("socket", move32_off_32, "r0 = 1;" RAW(0xbc, 0, 0, 32, 0) "exit")
ASM("socket", move32_off_cast, "r0 = 1;" RAW(0xbc, 0, 0, 1, 1) "exit")
ASM("socket", move32_imm, "r0 = 1;" RAW(0xbc, 0, 0, 0, 1) "exit")
ASM("socket", move_off, "r0 = 1;" RAW(0xbf, 0, 0, 3, 0) "exit")
ASM("socket", move_imm, "r0 = 1;" RAW(0xbf, 0, 0, 0, 1) "exit")
ASM("socket", move_imm_signed, "r0 = 1;" RAW(0xbf, 0, 0, 8, 1) "exit")
ASM("socket", move_signed, "r0 = *(u32 *)(r1 + 0); r2 = r0;" RAW(0xbf, 0, 0, 8, 0) RAW(0xbf, 2, 2, 16, 0) RAW(0xbf, 3, 0, 32, 0) RAW(0xbc, 4, 0, 8, 0) RAW(0xbc, 5, 0, 16, 0) "exit")
ASM("socket", move_unreadable, "r0 = r5; exit")
ASM("socket", move_to_frame_pointer, "r10 = r1; r0 = 0; exit")
ASM("socket", move_imm_to_frame_pointer, "r10 = 1; r0 = 0; exit")
ASM("socket", move_partial_pointer, "w0 = w1; exit")
ASM("socket", move_signed_pointer, RAW(0xbf, 0, 1, 8, 0) "exit")
ASM("socket", cast_spaces, "r0 = 1;" RAW(0xbf, 0, 0, 1, 2) "exit")
ASM("socket", cast_without_arena, "r0 = 1;" RAW(0xbf, 0, 0, 1, 1) "exit")

ASM("socket", sum_imm, "r0 = 1; r1 = 1;" RAW(0x0f, 0, 1, 0, 5) "exit")
ASM("socket", sum_off, "r0 = 1; r1 = 1;" RAW(0x0f, 0, 1, 1, 0) "exit")
ASM("socket", sum_off_2, "r0 = 1; r1 = 1;" RAW(0x0f, 0, 1, 2, 0) "exit")
ASM("socket", divide_off_2, "r0 = 1; r1 = 1;" RAW(0x3f, 0, 1, 2, 0) "exit")
ASM("socket", divide_signed, "r0 = 1; r1 = 1;" RAW(0x3f, 0, 1, 1, 0) "r1 = 3;" RAW(0x9f, 0, 1, 1, 0) "exit")
ASM("socket", sum_imm_off, "r0 = 1;" RAW(0x07, 0, 0, 1, 1) "exit")
ASM("socket", divide_imm_off_2, "r0 = 1;" RAW(0x37, 0, 0, 2, 1) "exit")
ASM("socket", divide_imm_signed, "r0 = 1;" RAW(0x37, 0, 0, 1, 1) "exit")
ASM("socket", divide_by_zero, "r0 = 1;" RAW(0x37, 0, 0, 0, 0) "exit")
ASM("socket", remainder_by_zero, "r0 = 1;" RAW(0x94, 0, 0, 0, 0) "exit")
ASM("socket", sum_imm_register, "r0 = 1;" RAW(0x07, 0, 1, 0, 1) "exit")
ASM("socket", sum_unreadable, "r0 = 1; r0 += r5; exit")
ASM("socket", sum_into_unreadable, "r5 += 1; r0 = 0; exit")
ASM("socket", sum_into_frame_pointer, "r10 += 8; r0 = 0; exit")
ASM("socket", shift_negative, "r0 = 1;" RAW(0x67, 0, 0, 0, -1) "exit")
ASM("socket", shift_negative_32, "r0 = 1;" RAW(0x74, 0, 0, 0, -1) "exit")
ASM("socket", shift_64, "r0 = 1;" RAW(0x67, 0, 0, 0, 64) "exit")
ASM("socket", shift_63, "r0 = 1; r0 <<= 63; r0 >>= 63; r0 s>>= 63; exit")
ASM("socket", shift_32, "r0 = 1;" RAW(0xc4, 0, 0, 0, 32) "exit")
ASM("socket", shift_31, "r0 = 1; w0 s>>= 31; exit")
ASM("socket", pointers_difference, "r1 -= r10; r0 = 0; exit")
ASM("socket", pointers_sum, "r1 += r10; r0 = 0; exit")
ASM("socket", pointer_sum_reversed, "r2 = -8; r2 += r10; r0 = 1; *(u64 *)(r2 + 0) = r0; exit")
ASM("socket", mask_of_condition, "r0 = *(u32 *)(r1 + 0); r2 = *(u32 *)(r1 + 4); w0 s>>= 31; w0 &= -7; r2 <<= 32; r2 s>>= 63; r2 |= 5; exit")

struct {
	__uint(type, BPF_MAP_TYPE_ARENA);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
} arena SEC(".maps");

ASM("syscall", arena_arithmetic, "r3 = arena ll; r1 = 64;" RAW(0xbf, 2, 1, 1, 1) "r1 = 8; r1 += r2; r2 += 8; w2 += 1; r1 += r2; r0 = *(u64 *)(r1 + 0); r0 = 0; exit")
ASM("syscall", arena_user_space, "r3 = arena ll; r1 = 64;" RAW(0xbf, 2, 1, 1, 65536) "r0 = *(u64 *)(r2 + 0); r0 = 0; exit")
ASM("syscall", arena_spaces, "r3 = arena ll; r1 = 64;" RAW(0xbf, 2, 1, 1, 3) "r0 = 0; exit")

ASM("socket", map_plus_zero, "r1 = arena ll; r1 += 0; r0 = 0; exit")
ASM("socket", map_minus_zero, "r1 = arena ll; r1 -= 0; r0 = 0; exit")
ASM("socket", far_and_farther, "r2 = r10; r2 += 0x1ffffff0; r2 += 0x1ffffff0; r0 = 0; exit")
