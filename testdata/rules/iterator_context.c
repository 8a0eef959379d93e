// SPDX-License-Identifier: GPL-2.0-only
// The tasks of a cgroup are locked while they are iterated, which not every
// program may do.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct cgroup_subsys_state {
	struct cgroup *cgroup;
} __attribute__((preserve_access_index));
struct cgroup {
	struct cgroup_subsys_state self;
} __attribute__((preserve_access_index));
struct bpf_iter__cgroup {
	struct bpf_iter_meta *meta;
	struct cgroup *cgroup;
} __attribute__((preserve_access_index));
struct task_struct {
} __attribute__((preserve_access_index));
struct bpf_iter_css_task {
	__u64 opaque[1];
};

extern int bpf_iter_css_task_new(struct bpf_iter_css_task *it, struct cgroup_subsys_state *css, unsigned int flags) __ksym;
extern struct task_struct *bpf_iter_css_task_next(struct bpf_iter_css_task *it) __ksym;
extern void bpf_iter_css_task_destroy(struct bpf_iter_css_task *it) __ksym;

__u64 tasks;

SEC("tp_btf/cgroup_mkdir")
int BPF_PROG(bad, struct cgroup *cgroup, const char *path)
{
	struct bpf_iter_css_task it;

	bpf_iter_css_task_new(&it, &cgroup->self, 0); // want execution-context/iterator-context "css_task_iter is only allowed in bpf_lsm, bpf_iter and sleepable progs"
	while (bpf_iter_css_task_next(&it))
		tasks++;
	bpf_iter_css_task_destroy(&it);
	return 0;
}

SEC("iter/cgroup")
int fixed(struct bpf_iter__cgroup *ctx)
{
	struct cgroup *cgroup = ctx->cgroup;
	struct bpf_iter_css_task it;

	if (!cgroup)
		return 0;
	bpf_iter_css_task_new(&it, &cgroup->self, 0);
	while (bpf_iter_css_task_next(&it))
		tasks++;
	bpf_iter_css_task_destroy(&it);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
