// SPDX-License-Identifier: GPL-2.0-only
// Calls of what there is none of.
#include "walk.h"

struct bpf_iter_css_task {
	__u64 opaque;
};
struct cgroup_subsys_state {
	int id;
} __attribute__((preserve_access_index));

extern int bpf_iter_css_task_new(struct bpf_iter_css_task *it, struct cgroup_subsys_state *css, unsigned int flags) __ksym;
extern void *bpf_rdonly_cast(const void *obj, __u32 btf_id) __ksym;

/* Without a call in C the functions have no types. */
static __attribute__((used)) void *types(void *obj)
{
	struct bpf_iter_css_task it;

	bpf_iter_css_task_new(&it, obj, 0);
	return bpf_rdonly_cast(obj, 1);
}

ASM("socket", helper_0, "call 0; exit")
ASM("socket", helper_negative, "call -1; exit")
ASM("socket", helper_beyond, "call 100000; exit")
ASM("socket", kfunc_negative, RAW(0x85, 0, 2, 0, -1) "exit")
ASM("socket", kfunc_of_no_function, RAW(0x85, 0, 2, 0, 1) "exit")
ASM("socket", kfunc_of_module_negative, RAW(0x85, 0, 2, -1, 7) "exit")
ASM("socket", kfunc_of_module_never_called, "r0 = 0; exit;" RAW(0x85, 0, 2, -1, 7) "exit")
ASM("socket", kfunc_removed, "r0 = 0; r1 = 1; if r1 == 1 goto +1;" RAW(0x85, 0, 2, 0, 0) "exit")
ASM("socket", kfunc_none, RAW(0x85, 0, 2, 0, 0) "r0 = 0; exit")
ASM("socket", cast_to_unknown, "r2 = -1; call %[cast]; r0 = 0; exit", [cast] "i"(bpf_rdonly_cast))
ASM("socket", cast_to_unknown_half, "w2 = -1; call %[cast]; r0 = 0; exit", [cast] "i"(bpf_rdonly_cast))
ASM("socket", cast_to_lower_half, "r2 = 0x100000001 ll; call %[cast]; r0 = 0; exit", [cast] "i"(bpf_rdonly_cast))

/* That the program may not iterate so comes before where the iterator is. */
ASM("socket", iterate_tasks_of_css, "r2 = r1; r3 = 0; call %[new]; r0 = 0; exit", [new] "i"(bpf_iter_css_task_new))
