// SPDX-License-Identifier: GPL-2.0-only
// Stack at places that are not known, and objects on it.
#include "walk.h"

#define LEAVE "r0 = 0; exit"
/* R3 is 16 or 8 below the end of the stack. */
#define SOMEWHERE "r2 = *(u32 *)(r1 + 0); r2 &= 8; r3 = r10; r3 += -16; r3 += r2;"

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} ring SEC(".maps");

#define RESERVE "r6 = r1; r1 = %[ring] ll; r2 = 8; r3 = 0; r4 = r10; r4 += -16; call 198; r1 = r6;"
#define DISCARD "r1 = r10; r1 += -16; r2 = 0; call 200;"

ASM("tc", zero_over_zero, SOMEWHERE "r4 = 0; *(u64 *)(r10 - 16) = r4; *(u64 *)(r10 - 8) = r4; *(u8 *)(r3 + 0) = r4; r0 = *(u8 *)(r10 - 16); r5 = r10; r5 += r0; *(u8 *)(r5 - 1) = 1;" LEAVE)
ASM("tc", zero_over_zeros, SOMEWHERE "r4 = 0; *(u64 *)(r10 - 16) = 0; *(u64 *)(r10 - 8) = 0; *(u8 *)(r3 + 0) = r4; r0 = *(u8 *)(r10 - 16); r5 = r10; r5 += r0; *(u8 *)(r5 - 1) = 1;" LEAVE)
ASM("tc", one_over_zero, SOMEWHERE "r4 = 0; *(u64 *)(r10 - 16) = r4; *(u64 *)(r10 - 8) = r4; *(u8 *)(r3 + 0) = 1; r0 = *(u8 *)(r10 - 16); r5 = r10; r5 += r0; *(u8 *)(r5 - 1) = 1;" LEAVE)
ASM("tc", zero_over_number, SOMEWHERE "r4 = 5; *(u64 *)(r10 - 16) = r4; *(u64 *)(r10 - 8) = r4; *(u8 *)(r3 + 0) = 0; r0 = *(u64 *)(r10 - 16); r5 = r10; r5 += r0; *(u8 *)(r5 - 10) = 1;" LEAVE)
ASM("tc", somewhere_over_pointer, SOMEWHERE "*(u64 *)(r10 - 16) = r1; *(u64 *)(r10 - 8) = r1; *(u64 *)(r3 + 0) = 0; r0 = *(u64 *)(r10 - 16);" LEAVE)
ASM("tc", somewhere_unwritten, SOMEWHERE "r0 = *(u64 *)(r3 + 0);" LEAVE)
ASM("tc", somewhere_exchanged, SOMEWHERE "*(u64 *)(r10 - 16) = 0; *(u64 *)(r10 - 8) = 0; r4 = 1; lock *(u64 *)(r3 + 0) += r4;" LEAVE)
ASM("tc", somewhere_over_dynptr, RESERVE SOMEWHERE "*(u64 *)(r3 + 0) = 0;" DISCARD LEAVE, [ring] "i"(&ring))
ASM("tc", over_dynptr, RESERVE "*(u64 *)(r10 - 16) = 0;" DISCARD LEAVE, [ring] "i"(&ring))
ASM("tc", read_dynptr, RESERVE "r0 = *(u64 *)(r10 - 16);" DISCARD LEAVE, [ring] "i"(&ring))
ASM("tc", read_dynptr_somewhere, RESERVE SOMEWHERE "r0 = *(u64 *)(r3 + 0);" DISCARD LEAVE, [ring] "i"(&ring))
ASM("tc", halves_precise, "r2 = *(u32 *)(r1 + 0); r3 = *(u32 *)(r1 + 4); *(u32 *)(r10 - 8) = r2; *(u32 *)(r10 - 4) = r3; r4 = *(u64 *)(r10 - 8); r4 &= 7; r5 = r10; r5 += r4; *(u8 *)(r5 - 16) = 0;" LEAVE)
ASM("tc", filled_over_dynptr, RESERVE "r2 = 0; r3 = r10; r3 += -16; r4 = 8; call 26;" DISCARD LEAVE, [ring] "i"(&ring))
ASM("tc", anywhere, "r2 = *(u32 *)(r1 + 0); r3 = r10; r3 += r2; *(u8 *)(r3 - 8) = 0;" LEAVE)
ASM("tc", far_above, "r2 = *(u32 *)(r1 + 0); r2 &= 0x1fffffff; r3 = r10; r3 += r2; r2 = *(u32 *)(r1 + 4); r2 &= 0x1fffffff; r3 += r2; *(u8 *)(r3 - 8) = 0;" LEAVE)
ASM("tc", far_below, "r2 = *(u32 *)(r1 + 0); r2 &= 0x1ffffff0; r3 = r10; r3 -= r2; *(u8 *)(r3 - 8) = 0;" LEAVE)
ASM("tc", register_eleven, RAW(0xb7, 11, 0, 0, 0) LEAVE)
ASM("tc", from_register_eleven, RAW(0xbf, 0, 11, 0, 0) LEAVE)
ASM("tc", over_frame, "r10 = 0;" LEAVE)
ASM("tc", frame_negated, "r10 = -r10;" LEAVE)
