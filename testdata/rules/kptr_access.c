// SPDX-License-Identifier: GPL-2.0-only
// Keeps a task in a map. A reference moves into the map by an exchange, so that
// the one that was there is not lost.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct task_struct {
	int pid;
} __attribute__((preserve_access_index));

extern struct task_struct *bpf_task_acquire(struct task_struct *p) __ksym;
extern void bpf_task_release(struct task_struct *p) __ksym;

struct slot {
	struct task_struct __kptr *task;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct slot);
} kept SEC(".maps");

SEC("tp_btf/task_newtask")
int BPF_PROG(bad, struct task_struct *task, unsigned long flags)
{
	__u32 zero = 0;
	struct slot *slot = bpf_map_lookup_elem(&kept, &zero);

	if (slot)
		slot->task = bpf_task_acquire(task); // want memory/kptr-access "store to referenced kptr disallowed"
	return 0;
}

SEC("tp_btf/task_newtask")
int BPF_PROG(fixed, struct task_struct *task, unsigned long flags)
{
	__u32 zero = 0;
	struct slot *slot = bpf_map_lookup_elem(&kept, &zero);

	if (!slot)
		return 0;
	task = bpf_task_acquire(task);
	if (!task)
		return 0;
	task = bpf_kptr_xchg(&slot->task, task);
	if (task)
		bpf_task_release(task);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
