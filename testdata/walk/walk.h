/* SPDX-License-Identifier: GPL-2.0-only */
/* What programs written in assembly share. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

/* Older headers lack it. */
#define BPF_MAP_TYPE_ARENA 33

char LICENSE[] SEC("license") = "GPL";

/* ASM is a program that is all assembly; it must end by exit. */
#define ASM(section, name, text, ...)                    \
	SEC(section)                                         \
	__attribute__((naked)) int name(void)                \
	{                                                    \
		asm volatile(text ::__VA_ARGS__ : "memory");     \
	}

/* SUB is such a function, for programs to call. */
#define SUB(name, text, ...)                             \
	static __attribute__((naked, noinline, used)) int name(void) \
	{                                                    \
		asm volatile(text ::__VA_ARGS__ : "memory");     \
	}

/* BODY is the whole of a function that has parameters. Naked functions lose their names, without which types are
 * refused. A global one must be __weak, lest its callers are compiled as if it never returned. */
#define BODY(text)                                       \
	{                                                    \
		asm volatile(text);                              \
		__builtin_unreachable();                         \
	}

/* RAW is an instruction that the assembler does not make: operation, destination and source, offset, constant. */
#define RAW(op, dst, src, off, imm)                      \
	".byte " #op ", (" #src ") << 4 | (" #dst "); .2byte " #off "; .4byte " #imm "; "
