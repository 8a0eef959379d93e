// SPDX-License-Identifier: GPL-2.0-only
// What the programs here need of a later kernel's types. Given as the target
// kernel's BTF it stands for one: only the types of this object are read.
#include <linux/bpf.h>

struct file {
	unsigned int f_flags;
};
struct task_struct {
	int pid;
};

struct file *bpf_get_task_exe_file(struct task_struct *task)
{
	return (void *)0;
}

void bpf_put_file(struct file *file)
{
}

int bpf_dynptr_from_file(struct file *file, __u32 flags, struct bpf_dynptr *ptr__uninit)
{
	return 0;
}

int bpf_dynptr_file_discard(struct bpf_dynptr *dynptr)
{
	return 0;
}

__u32 bpf_dynptr_size(const struct bpf_dynptr *p)
{
	return 0;
}

int bpf_lsm_file_open(struct file *file)
{
	return 0;
}
