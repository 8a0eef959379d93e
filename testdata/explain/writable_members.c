// SPDX-License-Identifier: GPL-2.0-only
// Members of the kernel's objects that programs of some kinds may write, and others beside them.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct sched_ext_entity {
	__u64 slice;
	__u64 dsq_vtime;
	__u32 weight;
};

struct task_struct {
	int prio;
	struct sched_ext_entity scx;
};

struct sched_ext_ops {
	void (*tick)(struct task_struct *p);
	void (*stopping)(struct task_struct *p, _Bool runnable);
	char name[128];
};

#pragma clang attribute pop

static __always_inline void charge(struct task_struct *task, __u64 by)
{
	task->scx.dsq_vtime += by;
	task->prio++; // want memory/btf-write "`prio` of `struct task_struct` is read-only" help "`scx.slice`, `scx.dsq_vtime` and `scx.disallow`" never "which programs may only read"
}

SEC("struct_ops/stops")
int stops(__u64 *ctx)
{
	charge((struct task_struct *)ctx[0], 20);
	return 0;
}

SEC("struct_ops/ticks")
int ticks(__u64 *ctx)
{
	struct task_struct *task = (struct task_struct *)ctx[0];

	task->scx.slice = 0;
	return 0;
}

SEC(".struct_ops.link")
struct sched_ext_ops written = {
	.tick = (void *)ticks,
	.stopping = (void *)stops,
	.name = "written",
};

char LICENSE[] SEC("license") = "GPL";
