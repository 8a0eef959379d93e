// SPDX-License-Identifier: GPL-2.0-only
// Memory of the kernel that is read as if it were the program's, and what is read twice.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct task_struct {
	int tgid;
	struct task_struct *real_parent;
};

struct sock_common {
	__u16 skc_dport;
};

struct sock {
	struct sock_common __sk_common;
};

struct file {
	unsigned int f_flags;
};

#pragma clang attribute pop

struct table {
	__u32 used;
	__u64 slots[32];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct table);
} tables SEC(".maps");

__u64 seen;

SEC("kprobe/do_nanosleep")
int of_the_task(struct pt_regs *ctx)
{
	struct task_struct *t = (void *)bpf_get_current_task();

	seen = t->tgid; // fix read
	return 0;
}

SEC("kprobe/tcp_connect")
int of_an_argument(struct pt_regs *ctx)
{
	struct sock *sk = (void *)PT_REGS_PARM1(ctx);

	seen = sk->__sk_common.skc_dport; // fix read
	return 0;
}

SEC("kprobe/do_nanosleep")
int of_the_parent(struct pt_regs *ctx)
{
	struct task_struct *t = (void *)bpf_get_current_task();

	seen = t->real_parent->tgid; // fix read
	return 0;
}

SEC("kprobe/vfs_write")
int of_a_file(struct pt_regs *ctx)
{
	struct file *file = (void *)PT_REGS_PARM1(ctx);

	if (file->f_flags & 1) // fix read
		seen++;
	return 0;
}

SEC("tc")
int read_again(struct __sk_buff *skb)
{
	__u32 zero = 0;
	struct table *t = bpf_map_lookup_elem(&tables, &zero);

	if (!t)
		return 0;
	if (t->used >= 32)
		return 0;
	seen += bpf_ktime_get_ns();
	t->slots[t->used] = 1; // fix read
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
