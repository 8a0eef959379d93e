// SPDX-License-Identifier: GPL-2.0-only
// Building a path takes locks, so that only iterators and programs at a few
// chosen functions of the kernel can do it.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct path {
	void *mnt, *dentry;
} __attribute__((preserve_access_index));
struct file {
	struct path f_path;
} __attribute__((preserve_access_index));
struct linux_binprm {
	struct file *file;
} __attribute__((preserve_access_index));
struct bpf_iter__task_file {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
	__u32 fd;
	struct file *file;
} __attribute__((preserve_access_index));

char name[256];

SEC("tp_btf/sched_process_exec")
int BPF_PROG(bad, struct task_struct *task, int old_pid, struct linux_binprm *exec)
{
	bpf_d_path(&exec->file->f_path, name, sizeof(name)); // want policy/helper-gate "helper call is not allowed in probe"
	return 0;
}

SEC("iter/task_file")
int fixed(struct bpf_iter__task_file *ctx)
{
	struct file *file = ctx->file;

	if (file)
		bpf_d_path(&file->f_path, name, sizeof(name));
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
