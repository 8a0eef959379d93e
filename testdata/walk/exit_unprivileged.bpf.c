// SPDX-License-Identifier: GPL-2.0-only
// What a program of a loader without capabilities may return and pass on.
// bpf-lsp: --unprivileged
#include "walk.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} rows SEC(".maps");

#define KEY "r6 = r1; r1 = 0; *(u32 *)(r10 - 4) = r1; *(u64 *)(r10 - 16) = r1; r2 = r10; r2 += -4; r1 = rows ll;"

ASM("socket", pointer, "r0 = r1; exit")
ASM("socket", frame_pointer, "r0 = r10; exit")
ASM("socket", map_pointer, "r0 = rows ll; exit")
ASM("socket", number, "r0 = 3; exit")
ASM("socket", pointer_as_number, KEY "r3 = r10; r3 += -16; r4 = r10; call 2; r0 = 0; exit")
ASM("socket", number_as_number, KEY "r3 = r10; r3 += -16; r4 = 0; call 2; r0 = 0; exit")
ASM("socket", pointer_in_value, KEY "*(u64 *)(r10 - 16) = r6; r3 = r10; r3 += -16; r4 = 0; call 2; r0 = 0; exit")
