// SPDX-License-Identifier: GPL-2.0-only
// The context of writable raw tracepoints: a buffer first, then numbers.
#include "walk.h"

#define AT(name, load) ASM("raw_tracepoint.w", name, "r0 = " load "; r0 = 0; exit")

AT(buffer, "*(u64 *)(r1 + 0)")
AT(buffer_half, "*(u32 *)(r1 + 0)")
AT(buffer_byte, "*(u8 *)(r1 + 0)")
AT(byte_1, "*(u8 *)(r1 + 1)")
AT(half_2, "*(u16 *)(r1 + 2)")
AT(word_4, "*(u32 *)(r1 + 4)")
AT(byte_7, "*(u8 *)(r1 + 7)")
AT(half_3, "*(u16 *)(r1 + 3)")
AT(double_4, "*(u64 *)(r1 + 4)")
AT(second, "*(u64 *)(r1 + 8)")
AT(last, "*(u64 *)(r1 + 88)")
AT(beyond, "*(u64 *)(r1 + 96)")
ASM("raw_tracepoint.w", written, "r0 = 0; *(u64 *)(r1 + 0) = r0; exit")
