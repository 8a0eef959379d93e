// SPDX-License-Identifier: GPL-2.0-only
// What the programs here need of the types of a kernel that is later, or was
// built with queueing disciplines by programs. Given as the target kernel's BTF
// the object stands for that kernel: only its types are read.
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

struct sk_buff {
	unsigned int len;
};
struct Qdisc {
	unsigned int limit;
};
struct bpf_sk_buff_ptr {
	struct sk_buff *skb;
};
struct Qdisc_ops {
	int (*enqueue)(struct sk_buff *skb, struct Qdisc *sch, struct sk_buff **to_free);
};
struct bpf_struct_ops_Qdisc_ops {
	__u64 common;
	struct Qdisc_ops data;
} value;

int Qdisc_ops__enqueue(struct sk_buff *skb__ref, struct Qdisc *sch, struct sk_buff **to_free)
{
	return 0;
}

void bpf_qdisc_skb_drop(struct sk_buff *skb, struct bpf_sk_buff_ptr *to_free_list)
{
}

void bpf_kfree_skb(struct sk_buff *skb)
{
}

int bpf_dynptr_from_skb(struct sk_buff *s, __u64 flags, struct bpf_dynptr *ptr__uninit)
{
	return 0;
}

void *bpf_dynptr_slice(const struct bpf_dynptr *p, __u64 offset, void *buffer__nullable, __u64 buffer__szk)
{
	return (void *)0;
}
