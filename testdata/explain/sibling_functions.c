// SPDX-License-Identifier: GPL-2.0-only
// Functions of the kernel that do for the program what the one it calls does for others.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct path {
	void *mnt;
};

struct file {
	unsigned int f_mode;
	struct path f_path;
};

struct mm_struct {
	struct file *exe_file;
};

struct task_struct {
	int pid;
	struct mm_struct *mm;
	struct task_struct *real_parent;
};

#pragma clang attribute pop

extern int bpf_dynptr_from_xdp(struct xdp_md *xdp, __u64 flags, struct bpf_dynptr *ptr) __ksym;
extern int bpf_dynptr_from_skb(struct __sk_buff *skb, __u64 flags, struct bpf_dynptr *ptr) __ksym;
extern void *bpf_dynptr_slice(const struct bpf_dynptr *ptr, __u32 offset, void *buffer, __u32 buffer__szk) __ksym;
extern int bpf_path_d_path(struct path *path, char *buf, unsigned long buf__sz) __ksym;

char name[128];

SEC("xdp")
int marks_frame(struct xdp_md *ctx)
{
	struct bpf_dynptr frame;
	__u8 first[8], *head;

	if (bpf_dynptr_from_xdp(ctx, 0, &frame))
		return XDP_DROP;
	head = bpf_dynptr_slice(&frame, 0, first, sizeof(first));
	if (!head)
		return XDP_DROP;
	head[2] = 1; // want memory/read-only-memory "comes from bpf_dynptr_slice(), which gives memory to read" help "Call bpf_dynptr_slice_rdwr() at line 45 in place of bpf_dynptr_slice()" "`first`" "bpf_dynptr_write()" never "Copy the data"
	return XDP_PASS;
}

SEC("cgroup_skb/ingress")
int marks_nothing(struct __sk_buff *skb)
{
	struct bpf_dynptr packet;
	__u8 first[8], *head;

	if (bpf_dynptr_from_skb(skb, 0, &packet))
		return 0;
	head = bpf_dynptr_slice(&packet, 0, first, sizeof(first));
	if (!head)
		return 0;
	head[2] = 1; // want memory/read-only-memory "Programs may only read" help "Copy the data to local memory" never "rdwr"
	return 1;
}

SEC("xdp")
int takes_frame_for_skb(struct xdp_md *ctx)
{
	struct bpf_dynptr frame;
	__u8 first[8];

	if (bpf_dynptr_from_skb((void *)ctx, 0, &frame)) // want policy/kfunc-not-allowed "it is for programs of type" help "Use bpf_dynptr_from_xdp() here" never "one of these program types"
		return XDP_DROP;
	return bpf_dynptr_read(first, sizeof(first), &frame, 0, 0) ? XDP_DROP : XDP_PASS;
}

SEC("fexit/vfs_open")
int BPF_PROG(names_file, const struct path *where, struct file *file, int failed)
{
	if (!failed)
		bpf_d_path((struct path *)&file->f_path, name, sizeof(name)); // want policy/helper-gate "cannot be used by this program" help "fentry/security_file_open" never "fentry/security_inode_getattr"
	return 0;
}

SEC("fexit/vfs_open")
int BPF_PROG(names_path, struct path *where, struct file *file, int failed)
{
	if (!failed)
		bpf_d_path(where, name, sizeof(name)); // want policy/helper-gate "cannot be used by this program" help "example with `SEC" "fentry/dentry_open"
	return 0;
}

SEC("lsm.s/file_open")
int BPF_PROG(names_own_program, struct file *opened)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct file *file = task->mm->exe_file;

	if (file)
		bpf_path_d_path(&file->f_path, name, sizeof(name)); // want call-type/untrusted-argument "known to stay valid" help "`bpf_get_task_exe_file(task)` in place of `task->mm->exe_file`" "bpf_put_file()" never "RCU"
	return 0;
}

SEC("lsm.s/file_open")
int BPF_PROG(names_parents_program, struct file *opened)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct task_struct *parent = task->real_parent;
	struct file *file = parent->mm->exe_file;

	if (file)
		bpf_path_d_path(&file->f_path, name, sizeof(name)); // want call-type/untrusted-argument "known to stay valid" help "does not take what only RCU protects" never "bpf_get_task_exe_file"
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
