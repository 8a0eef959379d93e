// SPDX-License-Identifier: GPL-2.0-only
// Contexts that are the arguments of a kernel function.
#include "walk.h"

#define LEAVE "r0 = 0; exit"

ASM("tp_btf/task_rename", argument, "r0 = *(u64 *)(r1 + 0);" LEAVE)
ASM("tp_btf/task_rename", argument_text, "r2 = *(u64 *)(r1 + 8); r2 += 1;" LEAVE)
ASM("tp_btf/task_rename", misaligned, "r2 = *(u32 *)(r1 + 4);" LEAVE)
ASM("tp_btf/task_rename", narrow, "r2 = *(u32 *)(r1 + 0);" LEAVE)
ASM("tp_btf/task_rename", narrow_text, "r2 = *(u32 *)(r1 + 8);" LEAVE)
ASM("tp_btf/task_rename", result, "r2 = *(u64 *)(r1 + 16);" LEAVE)
ASM("tp_btf/task_rename", behind, "r2 = *(u64 *)(r1 + 24);" LEAVE)
ASM("tp_btf/task_rename", far_behind, "r2 = *(u64 *)(r1 + 64);" LEAVE)
ASM("tp_btf/task_rename", negative, "r2 = *(u64 *)(r1 - 8);" LEAVE)
ASM("tp_btf/task_rename", written, "r2 = 0; *(u64 *)(r1 + 0) = r2;" LEAVE)
ASM("tp_btf/initcall_start", function, "r2 = *(u64 *)(r1 + 0);" LEAVE)
ASM("tp_btf/initcall_finish", number, "r2 = *(u32 *)(r1 + 8); r2 += 1;" LEAVE)
ASM("tp_btf/sched_switch", truth, "r2 = *(u64 *)(r1 + 0); r3 = *(u64 *)(r1 + 8); r0 = *(u32 *)(r3 + 0);" LEAVE)
ASM("iter/bpf_map_elem", key, "r2 = *(u64 *)(r1 + 16); if r2 == 0 goto 9f; r3 = *(u32 *)(r2 + 0); 9:" LEAVE)
ASM("iter/bpf_map_elem", key_narrow, "r2 = *(u32 *)(r1 + 16);" LEAVE)
ASM("iter/bpf_map_elem", key_written, "r2 = *(u64 *)(r1 + 16); if r2 == 0 goto 9f; r3 = 0; *(u32 *)(r2 + 0) = r3; 9:" LEAVE)
ASM("iter/bpf_map_elem", value_written, "r2 = *(u64 *)(r1 + 24); if r2 == 0 goto 9f; r3 = 0; *(u32 *)(r2 + 0) = r3; 9:" LEAVE)
ASM("iter/bpf_map_elem", value_unchecked, "r2 = *(u64 *)(r1 + 24); r3 = *(u32 *)(r2 + 0);" LEAVE)
ASM("iter/bpf_map_elem", iter_result, "r2 = *(u64 *)(r1 + 32);" LEAVE)
ASM("iter/task", task, "r2 = *(u64 *)(r1 + 8); if r2 == 0 goto 9f; r3 = *(u64 *)(r2 + 0); 9:" LEAVE)
ASM("iter/task", task_unchecked, "r2 = *(u64 *)(r1 + 8); r3 = *(u64 *)(r2 + 0);" LEAVE)
