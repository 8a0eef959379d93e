// SPDX-License-Identifier: GPL-2.0-only
// Types, members and enumerators that the target kernel lacks.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct task_struct {
	int pid;
	int tgid;
#ifdef FIXED
	unsigned int __state;
	unsigned int flags;
#else
	unsigned int __stat;
	unsigned int flagz;
#endif
};
struct rq___other {
	int cpu;
};
struct absent {
	int member;
};
#pragma clang attribute pop

enum bpf_map_type___other {
	BPF_MAP_TYPE_HASH___other = 1,
	BPF_MAP_TYPE_ABSENT = 4,
};

SEC("tp_btf/sched_process_exit")
int BPF_PROG(reads, struct task_struct *task)
{
#ifdef FIXED
	return BPF_CORE_READ(task, __state) + BPF_CORE_READ(task, flags);
#else
	unsigned int sum = BPF_CORE_READ(task, __stat); // want loader/unresolved-relocation "libbpf: failed to resolve CO-RE relocation <byte_off> [6] struct task_struct.__stat (0:2 @ offset 8)"

	return sum + BPF_CORE_READ(task, flagz); // want loader/unresolved-relocation "the kernel's `struct task_struct` has no member `flagz`"
#endif
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(loads, struct task_struct *task)
{
#ifdef FIXED
	if (task->__state)
		return task->flags;
#else
	if (task->__stat) // want loader/unresolved-relocation "Did you mean `__state`?"
		return task->flagz; // want loader/unresolved-relocation "invalid func unknown#195896080"
#endif
	return 0;
}

SEC("kprobe/do_exit")
int type(void *ctx)
{
#ifdef FIXED
	return 0;
#else
	struct absent *absent = (void *)bpf_get_current_task();

	return BPF_CORE_READ(absent, member); // want loader/unresolved-relocation "the kernel has no `struct absent`"
#endif
}

SEC("kprobe/do_exit")
int enumerator(void *ctx)
{
#ifdef FIXED
	return bpf_core_enum_value(enum bpf_map_type___other, BPF_MAP_TYPE_HASH___other);
#else
	return bpf_core_enum_value(enum bpf_map_type___other, BPF_MAP_TYPE_ABSENT); // want loader/unresolved-relocation "has no enumerator `BPF_MAP_TYPE_ABSENT`"
#endif
}

/* What asks first is not at fault. */
SEC("kprobe/do_exit")
int asks(void *ctx)
{
	struct absent *absent = (void *)bpf_get_current_task();
	struct rq___other *rq = (void *)absent;

	if (bpf_core_type_exists(struct absent))
		return BPF_CORE_READ(absent, member);
	if (bpf_core_enum_value_exists(enum bpf_map_type___other, BPF_MAP_TYPE_ABSENT))
		return bpf_core_enum_value(enum bpf_map_type___other, BPF_MAP_TYPE_ABSENT);
	if (bpf_core_field_exists(rq->cpu))
		return BPF_CORE_READ(rq, cpu);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
