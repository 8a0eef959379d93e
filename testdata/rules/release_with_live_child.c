// SPDX-License-Identifier: GPL-2.0-only
// bpf-lsp: --target-kernel 7.3 --btf ../lifetime/kernel.o
// A file is given back while a dynptr still reads from it.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct file {
	unsigned int f_flags;
} __attribute__((preserve_access_index));
struct task_struct {
	int pid;
} __attribute__((preserve_access_index));

extern struct file *bpf_get_task_exe_file(struct task_struct *task) __ksym;
extern void bpf_put_file(struct file *file) __ksym;
extern int bpf_dynptr_from_file(struct file *file, __u32 flags, struct bpf_dynptr *ptr) __ksym;
extern int bpf_dynptr_file_discard(struct bpf_dynptr *ptr) __ksym;
extern __u32 bpf_dynptr_size(const struct bpf_dynptr *ptr) __ksym;

__u64 bytes;

SEC("lsm/file_open")
int bad(void *ctx)
{
	struct file *exe = bpf_get_task_exe_file(bpf_get_current_task_btf());
	struct bpf_dynptr content;

	if (!exe)
		return 0;
	bpf_dynptr_from_file(exe, 0, &content);
	bytes += bpf_dynptr_size(&content);
	bpf_put_file(exe); // want resource-lifetime/release-with-live-child "Release it first."
	bpf_dynptr_file_discard(&content);
	return 0;
}

SEC("lsm/file_open")
int fixed(void *ctx)
{
	struct file *exe = bpf_get_task_exe_file(bpf_get_current_task_btf());
	struct bpf_dynptr content;

	if (!exe)
		return 0;
	bpf_dynptr_from_file(exe, 0, &content);
	bytes += bpf_dynptr_size(&content);
	bpf_dynptr_file_discard(&content);
	bpf_put_file(exe);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
