// SPDX-License-Identifier: GPL-2.0-only
// Helpers about tasks, stacks and storage in tracing programs.
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

struct pt_regs {
	unsigned long ip;
} __attribute__((preserve_access_index));

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4);
	__type(key, int);
	__type(value, long);
} hash SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(max_entries, 4);
	__uint(key_size, 4);
	__uint(value_size, 80);
} st SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, 1);
	__type(key, int);
	__type(value, long);
} ts SEC(".maps");

SEC("kprobe/x")
int task_registers(void *c)
{
	struct task_struct *t = bpf_get_current_task_btf();
	struct pt_regs *r = (void *)bpf_task_pt_regs(t);

	return r->ip;
}

SEC("kprobe/x")
int task_stack(void *c)
{
	char b[64];
	struct task_struct *t = bpf_get_current_task_btf();
	int n = bpf_get_task_stack(t, b, sizeof b, 0);

	if (n > 0)
		return b[n & 63];
	return 0;
}

SEC("kprobe/x")
int stack_unchecked(void *c)
{
	char b[64];
	int n = bpf_get_stack(c, b, sizeof b, 0);

	if (n < 0)
		return 0;
	return b[n];
}

SEC("kprobe/x")
int stack_checked(void *c)
{
	char b[64];
	int n = bpf_get_stack(c, b, sizeof b, 0);

	if (n < 0)
		return 0;
	if (n == 64)
		return 0;
	return b[n];
}

SEC("kprobe/x")
int stack_id(void *c)
{
	return bpf_get_stackid(c, &st, 0);
}

SEC("kprobe/x")
int stack_id_wrong_map(void *c)
{
	return bpf_get_stackid(c, &hash, 0);
}

SEC("kprobe/x")
int function_address(void *c)
{
	return bpf_get_func_ip(c);
}

SEC("kprobe/x")
int attach_cookie(void *c)
{
	return bpf_get_attach_cookie(c);
}

SEC("kprobe/x")
int storage_of_current(void *c)
{
	long *p = bpf_task_storage_get(&ts, bpf_get_current_task_btf(), 0, 1);
	return p ? *p : 0;
}

SEC("kprobe/x")
int storage_of_null(void *c)
{
	long *p = bpf_task_storage_get(&ts, 0, 0, 1);
	return p ? *p : 0;
}

SEC("kprobe/x")
int storage_with_value(void *c)
{
	long v = 3;
	long *p = bpf_task_storage_get(&ts, bpf_get_current_task_btf(), &v, 1);

	return p ? *p : 0;
}

SEC("kprobe/x")
int storage_wrong_map(void *c)
{
	long *p = bpf_task_storage_get(&hash, bpf_get_current_task_btf(), 0, 1);
	return p ? *p : 0;
}

SEC("kprobe/x")
int storage_delete(void *c)
{
	return bpf_task_storage_delete(&ts, bpf_get_current_task_btf());
}

SEC("kprobe/x")
int path_name(void *c)
{
	char b[8];
	return bpf_d_path((void *)c, b, 8);
}

SEC("kprobe/x")
int signal(void *c)
{
	return bpf_send_signal(9);
}

SEC("kprobe/x")
int override(void *c)
{
	return bpf_override_return(c, 1);
}

SEC("perf_event")
int perf_stack(void *c)
{
	char b[64];
	int n = bpf_get_stack(c, b, sizeof b, 0);

	return n;
}

SEC("perf_event")
int branches(struct bpf_perf_event_data *c)
{
	char b[48];
	return bpf_read_branch_records(c, b, 48, 0);
}

SEC("perf_event")
int branches_null(struct bpf_perf_event_data *c)
{
	return bpf_read_branch_records(c, 0, 0, 1);
}

SEC("perf_event")
int perf_function_address(void *c)
{
	return bpf_get_func_ip(c);
}

SEC("tp/x/y")
int tracepoint_function_address(void *c)
{
	return bpf_get_func_ip(c);
}

SEC("raw_tp/x")
int raw_stack(void *c)
{
	char b[64];
	return bpf_get_stack(c, b, 64, 0);
}

SEC("raw_tp/x")
int raw_argument_count(void *c)
{
	return bpf_get_func_arg_cnt(c);
}
