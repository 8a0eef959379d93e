// SPDX-License-Identifier: GPL-2.0-only
// Tasks can only be iterated while RCU keeps them from going away. Programs
// that cannot sleep are always protected; this one has to say so.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct task_struct {
} __attribute__((preserve_access_index));
struct bpf_iter_task {
	__u64 opaque[3];
};

extern int bpf_iter_task_new(struct bpf_iter_task *it, struct task_struct *task, unsigned int flags) __ksym;
extern struct task_struct *bpf_iter_task_next(struct bpf_iter_task *it) __ksym;
extern void bpf_iter_task_destroy(struct bpf_iter_task *it) __ksym;
extern void bpf_rcu_read_lock(void) __ksym;
extern void bpf_rcu_read_unlock(void) __ksym;

__u64 processes;

SEC("syscall")
int bad(void *ctx)
{
	struct bpf_iter_task it;

	bpf_iter_task_new(&it, NULL, 0); // want execution-context/rcu-required "kernel func bpf_iter_task_new requires RCU critical section protection"
	while (bpf_iter_task_next(&it))
		processes++;
	bpf_iter_task_destroy(&it);
	return 0;
}

SEC("syscall")
int fixed(void *ctx)
{
	struct bpf_iter_task it;

	bpf_rcu_read_lock();
	bpf_iter_task_new(&it, NULL, 0);
	while (bpf_iter_task_next(&it))
		processes++;
	bpf_iter_task_destroy(&it);
	bpf_rcu_read_unlock();
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
