// SPDX-License-Identifier: GPL-2.0-only
// Pointers as arguments of kernel functions: which functions rely on them.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct task_struct {
	int pid;
	struct task_struct *parent;
} __attribute__((preserve_access_index));

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4);
	__type(key, int);
	__type(value, long[2]);
} hash SEC(".maps");

extern int bpf_copy_from_user_str(void *dst, __u32 dst__sz, const void *unsafe_ptr__ign, __u64 flags) __ksym;
extern struct task_struct *bpf_task_acquire(struct task_struct *p) __ksym;
extern void bpf_task_release(struct task_struct *p) __ksym;

// Nothing is written to NULL, as the length says.
SEC("syscall")
int null_as_memory(__u64 *ctx)
{
	return bpf_copy_from_user_str(0, 0, (void *)ctx[0], 0);
}

SEC("syscall")
int null_as_memory_with_length(__u64 *ctx)
{
	return bpf_copy_from_user_str(0, 8, (void *)ctx[0], 0);
}

SEC("syscall")
int unchecked_lookup_as_memory(__u64 *ctx)
{
	void *value = bpf_map_lookup_elem(&hash, &(int){ 1 });

	return bpf_copy_from_user_str(value, 16, (void *)ctx[0], 0);
}

SEC("syscall")
int null_released(void *ctx)
{
	bpf_task_release(0);
	return 0;
}

SEC("syscall")
int object_that_may_be_null(void *ctx)
{
	struct task_struct *task = bpf_task_acquire(bpf_get_current_task_btf());

	bpf_task_release(task);
	return 0;
}

SEC("syscall")
int followed_object(void *ctx)
{
	struct task_struct *task = bpf_get_current_task_btf(), *parent = task->parent;

	task = bpf_task_acquire(parent->parent);
	if (task)
		bpf_task_release(task);
	return 0;
}
