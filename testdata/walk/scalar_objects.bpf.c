// SPDX-License-Identifier: GPL-2.0-only
// Numbers that keep what a pointer left in them, until an operation makes them numbers of their own.
#include "walk.h"

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, int);
	__type(value, long);
} values SEC(".maps");

/* R6 is NULL, found by a check; the loop then computes it anew, round by round. */
#define NULL_IN_LOOP(name, step)                                                          \
	ASM("socket", name,                                                               \
	    "r1 = 0; *(u32 *)(r10 - 4) = r1; r1 = %[values] ll; r2 = r10; r2 += -4;"      \
	    "call 1; if r0 == 0 goto +2; r0 = 0; exit; r6 = r0; r7 = 0;"                  \
	    ".8byte 0x400e5;" step "r7 += 1; if r7 == 3 goto +1; goto -5; r0 = 0; exit",      \
	    [values] "i"(&values))

NULL_IN_LOOP(null_kept, "r8 = r6;")
NULL_IN_LOOP(null_and, "r6 &= 5;")
NULL_IN_LOOP(null_or, "r6 |= 0;")
NULL_IN_LOOP(null_xor, "r6 ^= 0;")
NULL_IN_LOOP(null_and32, "w6 &= 5;")
NULL_IN_LOOP(null_negated, "r6 = -r6;")
NULL_IN_LOOP(null_added, "r6 += 0;")
NULL_IN_LOOP(null_shifted, "r6 <<= 1;")
NULL_IN_LOOP(null_multiplied, "r6 *= 1;")
NULL_IN_LOOP(null_moved, "r6 = 0;")
NULL_IN_LOOP(null_copied32, "w6 = w6;")
NULL_IN_LOOP(null_swapped, "r6 = be16 r6;")

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} records SEC(".maps");

/* R6 is NULL in place of a value of the first map, then in place of one byte of memory, or of two. */
#define NULL_OF_BOTH(name, size)                                                             \
	ASM("socket", name,                                                                  \
	    "r1 = 0; *(u32 *)(r10 - 4) = r1; r1 = %[values] ll; r2 = r10; r2 += -4;"         \
	    "call 1; if r0 == 0 goto +2; r0 = 0; exit; r6 = r0; r7 = 0;"                     \
	    ".8byte 0xe00e5; r1 = %[records] ll; r2 = " #size "; r3 = 0; call 131;"          \
	    "if r0 == 0 goto +5; r1 = r0; r2 = 0; call 132; r0 = 0; exit;"                   \
	    "r6 = r0; r7 += 1; if r7 == 3 goto +1; goto -15; r0 = 0; exit",                  \
	    [values] "i"(&values), [records] "i"(&records))

NULL_OF_BOTH(null_of_map_and_byte, 1)
NULL_OF_BOTH(null_of_map_and_bytes, 2)
