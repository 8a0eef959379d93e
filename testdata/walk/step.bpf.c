// SPDX-License-Identifier: GPL-2.0-only
// Fields of instructions that mean nothing and must be zero.
#include "walk.h"

#define LEAVE "r0 = 0; exit"

ASM("socket", load_imm, RAW(0x61, 0, 1, 0, 1) LEAVE)
ASM("socket", load_signed_imm, RAW(0x91, 0, 1, 0, 1) LEAVE)
ASM("socket", load_mode, RAW(0x01, 0, 1, 0, 0) LEAVE)
ASM("socket", load_mode_abs, RAW(0x21, 0, 1, 0, 0) LEAVE)
ASM("socket", load_signed_stack, "r0 = 0; *(u64 *)(r10 - 8) = r0;" RAW(0x81, 0, 10, -8, 0) LEAVE)
ASM("socket", load_unreadable, "r0 = *(u32 *)(r5 + 0);" LEAVE)
ASM("socket", load_to_frame_pointer, "r10 = *(u32 *)(r1 + 0);" LEAVE)
ASM("socket", store_imm_field, "r0 = 0;" RAW(0x7b, 10, 0, -8, 1) LEAVE)
ASM("socket", store_constant_register, RAW(0x7a, 10, 1, -8, 0) LEAVE)
ASM("socket", store_mode, "r0 = 0;" RAW(0x1b, 10, 0, -8, 0) LEAVE)
ASM("socket", store_constant_mode, RAW(0x1a, 10, 0, -8, 0) LEAVE)
ASM("socket", store_unreadable, "*(u64 *)(r10 - 8) = r5;" LEAVE)
ASM("socket", store_to_unreadable, "*(u64 *)(r5 - 8) = r1;" LEAVE)
ASM("socket", store_constant_to_unreadable, RAW(0x7a, 5, 0, -8, 0) LEAVE)
ASM("socket", store_context_or_stack, "r2 = *(u32 *)(r1 + 0); r3 = r10; r3 += -16; if r2 == 0 goto 1f; r3 = r1; 1: r2 = 0; *(u32 *)(r3 + 8) = r2;" LEAVE)
ASM("socket", load_context_or_stack, "r2 = *(u32 *)(r1 + 0); r3 = r10; r3 += -16; r4 = 0; *(u64 *)(r10 - 8) = r4; if r2 == 0 goto 1f; r3 = r1; 1: r2 = *(u32 *)(r3 + 8);" LEAVE)

ASM("socket", jump_register, RAW(0x05, 1, 0, 0, 0) LEAVE)
ASM("socket", jump_source, RAW(0x05, 0, 1, 0, 0) LEAVE)
ASM("socket", jump_imm, RAW(0x05, 0, 0, 0, 1) LEAVE)
ASM("socket", jump_by_register, RAW(0x0d, 0, 0, 0, 0) LEAVE)
ASM("socket", long_jump_off, RAW(0x06, 0, 0, 1, 0) LEAVE)
ASM("socket", long_jump_register, RAW(0x06, 1, 0, 0, 0) LEAVE)
ASM("socket", long_jump, RAW(0x06, 0, 0, 0, 0) LEAVE)
ASM("socket", exit_register, "r0 = 0;" RAW(0x95, 1, 0, 0, 0))
ASM("socket", exit_source, "r0 = 0;" RAW(0x95, 0, 1, 0, 0))
ASM("socket", exit_imm, "r0 = 0;" RAW(0x95, 0, 0, 0, 1))
ASM("socket", exit_32, "r0 = 0;" RAW(0x96, 0, 0, 0, 0) "exit")
ASM("socket", call_off, RAW(0x85, 0, 0, 1, 7) LEAVE)
ASM("socket", call_register, RAW(0x85, 1, 0, 0, 7) LEAVE)
ASM("socket", call_kind, RAW(0x85, 0, 5, 0, 7) LEAVE)
ASM("socket", call_by_register, RAW(0x8d, 1, 0, 0, 0) LEAVE)
ASM("socket", call_32, RAW(0x86, 0, 0, 0, 7) LEAVE)
ASM("socket", call_random, "call 7; exit")

ASM("socket", imm_size, RAW(0x00, 0, 0, 0, 0) LEAVE)
ASM("socket", imm_size_byte, RAW(0x10, 0, 0, 0, 0) LEAVE)
ASM("socket", imm_off, RAW(0x18, 0, 0, 1, 0) RAW(0, 0, 0, 0, 0) "exit")
ASM("socket", imm_to_frame_pointer, RAW(0x18, 10, 0, 0, 0) RAW(0, 0, 0, 0, 0) LEAVE)
ASM("socket", ld_mode, RAW(0xf8, 0, 0, 0, 0) LEAVE)
ASM("socket", ld_mode_mem, RAW(0x78, 0, 0, 0, 0) LEAVE)

ASM("socket", packet_word, "r6 = r1; r0 = *(u32 *)skb[0]; exit")
ASM("socket", packet_register, "r6 = r1; r7 = 3; r0 = *(u8 *)skb[r7]; exit")
ASM("socket", packet_destination, "r6 = r1;" RAW(0x20, 1, 0, 0, 0) LEAVE)
ASM("socket", packet_off, "r6 = r1;" RAW(0x20, 0, 0, 1, 0) LEAVE)
ASM("socket", packet_source, "r6 = r1;" RAW(0x20, 0, 1, 0, 0) LEAVE)
ASM("socket", packet_long, "r6 = r1;" RAW(0x38, 0, 0, 0, 0) LEAVE)
ASM("socket", packet_long_register, "r6 = r1; r7 = 0;" RAW(0x58, 0, 7, 0, 0) LEAVE)
ASM("socket", packet_no_context, "r0 = *(u32 *)skb[0];" LEAVE)
ASM("socket", packet_number, "r6 = 1; r0 = *(u32 *)skb[0];" LEAVE)
ASM("socket", packet_stack, "r6 = r10; r0 = *(u32 *)skb[0];" LEAVE)
ASM("socket", packet_unreadable, "r6 = r1; r0 = *(u32 *)skb[r7];" LEAVE)
ASM("socket", packet_moved, "r6 = r1; r6 += 8; r0 = *(u32 *)skb[0];" LEAVE)
ASM("xdp", packet_of_xdp, "r6 = r1; r0 = *(u32 *)skb[0];" LEAVE)

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} ring SEC(".maps");

ASM("socket", packet_holding, "r6 = r1; r1 = ring ll; r2 = 8; r3 = 0; call 131; if r0 == 0 goto 1f; r7 = r0; r0 = *(u32 *)skb[0]; r1 = r7; r2 = 0; call 133; 1:" LEAVE)
