// SPDX-License-Identifier: GPL-2.0-only
// Alignment where the program asks for it.
// bpf-lsp: --prog-flags 0x1
#include "walk.h"

#define PACKET(begin) "r2 = *(u32 *)(r1 + " #begin "); r3 = *(u32 *)(r1 + 4); r4 = r2; r4 += 16; if r4 > r3 goto 9f;"
#define META "r2 = *(u32 *)(r1 + 8); r3 = *(u32 *)(r1 + 0); r4 = r2; r4 += 16; if r4 > r3 goto 9f;"
#define LEAVE "9: r0 = 0; exit"

ASM("xdp", packet_misaligned, PACKET(0) "r0 = *(u32 *)(r2 + 0);" LEAVE)
ASM("xdp", packet_aligned, PACKET(0) "r0 = *(u32 *)(r2 + 2); r0 = *(u16 *)(r2 + 4);" LEAVE)
ASM("xdp", packet_bytes, PACKET(0) "r0 = *(u8 *)(r2 + 3);" LEAVE)
ASM("xdp", meta_misaligned, META "r0 = *(u32 *)(r2 + 4);" LEAVE)
ASM("xdp", meta_aligned, META "r0 = *(u32 *)(r2 + 2);" LEAVE)
ASM("xdp", stack_bytes, "r0 = 0; *(u8 *)(r10 - 3) = r0; exit")
ASM("xdp", stack_misaligned, "r0 = 0; *(u16 *)(r10 - 3) = r0; exit")

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64[8]);
} rows SEC(".maps");

ASM("xdp", row_misaligned, "r1 = rows ll; r2 = r10; r2 += -4; r3 = 0; *(u32 *)(r10 - 4) = r3; call 1; if r0 == 0 goto 9f; r1 = *(u32 *)(r0 + 2);" LEAVE)
ASM("xdp", row_aligned, "r1 = rows ll; r2 = r10; r2 += -4; r3 = 0; *(u32 *)(r10 - 4) = r3; call 1; if r0 == 0 goto 9f; r1 = *(u32 *)(r0 + 4);" LEAVE)

struct {
	__uint(type, BPF_MAP_TYPE_ARENA);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
} arena SEC(".maps");

ASM("syscall", arena_misaligned, "r3 = arena ll; r1 = 64;" RAW(0xbf, 2, 1, 1, 1) "r0 = *(u64 *)(r2 + 1); r0 = 0; exit")
