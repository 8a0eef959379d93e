// SPDX-License-Identifier: GPL-2.0-only
// Arguments of global functions.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct mm_struct {
	unsigned long start_code;
} __attribute__((preserve_access_index));

struct thread_info {
	unsigned long flags;
} __attribute__((preserve_access_index));

struct css_set {
	void *dfl_cgrp;
} __attribute__((preserve_access_index));

struct task_struct {
	struct thread_info thread_info;
	int pid;
	struct task_struct *parent;
	struct mm_struct *mm;
	struct css_set *cgroups;
} __attribute__((preserve_access_index));

#define __arg_ctx __attribute__((btf_decl_tag("arg:ctx")))
#define __arg_nonnull __attribute((btf_decl_tag("arg:nonnull")))
#define __arg_nullable __attribute((btf_decl_tag("arg:nullable")))
#define __arg_trusted __attribute((btf_decl_tag("arg:trusted")))

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} rb SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, int);
	__type(value, long[8]);
} arr SEC(".maps");

__noinline __weak int gdyn(const struct bpf_dynptr *d)
{
	long x = 0;

	bpf_dynptr_read(&x, 8, d, 0, 0);
	return x;
}

SEC("kprobe/x")
int dynptr_param(void *c)
{
	struct bpf_dynptr d;
	void *v = bpf_map_lookup_elem(&arr, &(int){ 0 });

	if (!v)
		return 0;
	bpf_dynptr_from_mem(v, 64, 0, &d);
	return gdyn(&d);
}

SEC("kprobe/x")
int dynptr_param_uninitialized(void *c)
{
	struct bpf_dynptr d;
	return gdyn(&d);
}

__noinline __weak int gdynw(const struct bpf_dynptr *d)
{
	bpf_dynptr_write(d, 0, &(long){ 1 }, 8, 0);
	return 0;
}

SEC("kprobe/x")
int dynptr_param_written(void *c)
{
	struct bpf_dynptr d;

	bpf_ringbuf_reserve_dynptr(&rb, 8, 0, &d);
	gdynw(&d);
	bpf_ringbuf_submit_dynptr(&d, 0);
	return 0;
}

SEC("kprobe/x")
int dynptr_param_from_context(void *c)
{
	return gdyn(c);
}

__noinline __weak int gtask(struct task_struct *t __arg_trusted)
{
	return t ? t->pid : 0;
}

SEC("kprobe/x")
int trusted_param(void *c)
{
	return gtask(bpf_get_current_task_btf());
}

SEC("kprobe/x")
int trusted_param_from_number(void *c)
{
	return gtask((void *)bpf_get_current_task());
}

SEC("kprobe/x")
int trusted_param_of_other_struct(void *c)
{
	return gtask((void *)bpf_get_current_task_btf()->mm);
}

SEC("kprobe/x")
int trusted_param_null(void *c)
{
	return gtask(0);
}

__noinline __weak int gtaskn(struct task_struct *t __arg_trusted __arg_nullable)
{
	return t ? t->pid : 0;
}

SEC("kprobe/x")
int nullable_trusted_param(void *c)
{
	return gtaskn(0) + gtaskn(bpf_get_current_task_btf());
}

__noinline __weak int gmem(long *p __arg_nonnull)
{
	return *p;
}

SEC("kprobe/x")
int memory_param(void *c)
{
	long x = 1;
	return gmem(&x);
}

SEC("kprobe/x")
int memory_param_maybe_null(void *c)
{
	return gmem(bpf_map_lookup_elem(&arr, &(int){ bpf_get_prandom_u32() }));
}

__noinline __weak int gmemn(long *p)
{
	return p ? *p : 1;
}

SEC("kprobe/x")
int nullable_memory_param(void *c)
{
	return gmemn(bpf_map_lookup_elem(&arr, &(int){ bpf_get_prandom_u32() }));
}

__noinline __weak int gctx(void *c __arg_ctx)
{
	return bpf_get_stack(c, 0, 0, 0);
}

SEC("kprobe/x")
int context_param(void *c)
{
	return gctx(c);
}

SEC("kprobe/x")
int context_param_moved(void *c)
{
	return gctx(c + 8);
}

SEC("kprobe/x")
int context_param_from_stack(void *c)
{
	long x = 0;
	return gctx(&x);
}

SEC("kprobe/x")
int memory_param_too_small(void *c)
{
	int x;
	return gmem((void *)&x);
}

SEC("kprobe/x")
int trusted_param_followed(void *c)
{
	return gtask(bpf_get_current_task_btf()->parent);
}

SEC("kprobe/x")
int memory_param_from_object(void *c)
{
	return gmem((void *)bpf_get_current_task_btf());
}
