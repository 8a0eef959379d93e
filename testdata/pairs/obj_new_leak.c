// SPDX-License-Identifier: GPL-2.0-only
// An object that was made is neither kept nor dropped.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

struct task_struct;

extern void *bpf_obj_new_impl(__u64 local_type_id, void *meta) __ksym;
extern void bpf_obj_drop_impl(void *p, void *meta) __ksym;

struct item {
	__u64 value, unused;
};

__u64 seen;

SEC("tp_btf/sched_process_exit")
int BPF_PROG(bad, struct task_struct *p)
{
	struct item *it = bpf_obj_new_impl(bpf_core_type_id_local(struct item), (void *)0);

	if (!it)
		return 0;
	it->value = seen;
	if (it->value > 100)
		return 0; // rejected resource-lifetime/unreleased-reference; change
	bpf_obj_drop_impl(it, (void *)0);
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(fixed, struct task_struct *p)
{
	struct item *it = bpf_obj_new_impl(bpf_core_type_id_local(struct item), (void *)0);

	if (!it)
		return 0;
	it->value = seen;
	if (it->value > 100)
		seen = 0;
	bpf_obj_drop_impl(it, (void *)0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
