// SPDX-License-Identifier: GPL-2.0-only
// Functions of the program that helpers call.
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

struct vm_area_struct {
	unsigned long vm_flags;
} __attribute__((preserve_access_index));

#define LOOKUP(map, n) bpf_map_lookup_elem(&map, &(int){ n })

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} rb SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_USER_RINGBUF);
	__uint(max_entries, 4096);
} urb SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, int);
	__type(value, long[8]);
} arr SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4);
	__type(key, int);
	__type(value, long);
} hash SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 4);
	__uint(key_size, 8);
	__uint(value_size, 8);
	__uint(map_flags, 1);
} lpm SEC(".maps");

static int loopcb(__u64 i, long *c)
{
	if (c)
		*c += i;
	return i > 5;
}

SEC("kprobe/x")
int loop_ten(void *c)
{
	long n = 0;

	bpf_loop(10, loopcb, &n, 0);
	return n;
}

SEC("kprobe/x")
int loop_two(void *c)
{
	long n = 0;

	bpf_loop(2, loopcb, &n, 0);
	return n;
}

SEC("kprobe/x")
int loop_unknown(void *c)
{
	bpf_loop(bpf_get_prandom_u32(), loopcb, 0, 0);
	return 0;
}

static int badcb(__u64 i, long *c)
{
	return i;
}

SEC("kprobe/x")
int loop_returns_anything(void *c)
{
	long n = 0;

	bpf_loop(10, badcb, &n, 0);
	return n;
}

static int bad2(__u64 i, long *c)
{
	return 2;
}

SEC("kprobe/x")
int loop_returns_two(void *c)
{
	long n = 0;

	bpf_loop(10, bad2, &n, 0);
	return n;
}

SEC("kprobe/x")
int loop_unknown_flags(void *c)
{
	long n = 0;

	bpf_loop(10, loopcb, &n, bpf_get_prandom_u32());
	return n;
}

SEC("kprobe/x")
int loop_flags(void *c)
{
	long n = 0;

	bpf_loop(10, loopcb, &n, 1);
	return n;
}

SEC("kprobe/x")
int loop_over_map_value(void *c)
{
	void *v = bpf_map_lookup_elem(&arr, &(int){ 0 });

	bpf_loop(10, loopcb, v, 0);
	return 0;
}

SEC("kprobe/x")
int loop_no_function(void *c)
{
	bpf_loop(10, (void *)1, 0, 0);
	return 0;
}

SEC("kprobe/x")
int loop_zero(void *c)
{
	long n = 0;

	bpf_loop(0, loopcb, &n, 0);
	return n;
}

static int ptrcb(__u64 i, void *c)
{
	return (long)c;
}

SEC("kprobe/x")
int loop_returns_pointer(void *c)
{
	long n = 0;

	bpf_loop(10, ptrcb, &n, 0);
	return n;
}

static int inner(__u64 i, long *c)
{
	*c += 1;
	return 0;
}

static int outer(__u64 i, long *c)
{
	bpf_loop(3, inner, c, 0);
	return 0;
}

SEC("kprobe/x")
int loop_nested(void *c)
{
	long n = 0;

	bpf_loop(3, outer, &n, 0);
	return n;
}

SEC("kprobe/x")
int loop_in_loop(void *c)
{
	long n = 0;

	for (int i = 0; i < 3; i++)
		bpf_loop(i, inner, &n, 0);
	return n;
}

static int each(void *m, int *k, long *v, long *ctx)
{
	*ctx += *v + *k;
	return 0;
}

SEC("kprobe/x")
int each_hash(void *c)
{
	long n = 0;

	bpf_for_each_map_elem(&hash, each, &n, 0);
	return n;
}

SEC("kprobe/x")
int each_lpm(void *c)
{
	long n = 0;

	bpf_for_each_map_elem(&lpm, each, &n, 0);
	return n;
}

static int eachbad(void *m, int *k, long *v, long *ctx)
{
	return *v;
}

SEC("kprobe/x")
int each_returns_anything(void *c)
{
	long n = 0;

	bpf_for_each_map_elem(&hash, eachbad, &n, 0);
	return n;
}

SEC("kprobe/x")
int each_array(void *c)
{
	long n = 0;

	bpf_for_each_map_elem(&arr, each, &n, 0);
	return n;
}

static long drain(struct bpf_dynptr *d, long *c)
{
	long *x = bpf_dynptr_data(d, 0, 8);

	if (x)
		*c += *x;
	return 0;
}

SEC("kprobe/x")
int drain_slice(void *c)
{
	long n = 0;

	bpf_user_ringbuf_drain(&urb, drain, &n, 0);
	return n;
}

static long drain_rel(struct bpf_dynptr *d, long *c)
{
	bpf_ringbuf_discard_dynptr(d, 0);
	return 0;
}

SEC("kprobe/x")
int drain_releases(void *c)
{
	long n = 0;

	bpf_user_ringbuf_drain(&urb, drain_rel, &n, 0);
	return n;
}

static long drain_wr(struct bpf_dynptr *d, long *c)
{
	bpf_dynptr_write(d, 0, c, 8, 0);
	char b[4];
	bpf_dynptr_read(b, 4, d, 0, 0);
	*c = b[0];
	return 0;
}

SEC("kprobe/x")
int drain_writes(void *c)
{
	long n = 0;

	bpf_user_ringbuf_drain(&urb, drain_wr, &n, 0);
	return n;
}

static long drain_new(struct bpf_dynptr *d, long *c)
{
	bpf_ringbuf_reserve_dynptr(&rb, 8, 0, d);
	return 0;
}

SEC("kprobe/x")
int drain_makes(void *c)
{
	long n = 0;

	bpf_user_ringbuf_drain(&urb, drain_new, &n, 0);
	return n;
}

SEC("kprobe/x")
int drain_ringbuf(void *c)
{
	long n = 0;

	bpf_user_ringbuf_drain(&rb, drain, &n, 0);
	return n;
}

static long vmacb(struct task_struct *t, struct vm_area_struct *v, long *c)
{
	*c = v->vm_flags;
	return 0;
}

SEC("kprobe/x")
int vma_current(void *c)
{
	long n = 0;
	struct task_struct *t = bpf_get_current_task_btf();

	bpf_find_vma(t, 0, vmacb, &n, 0);
	return n;
}

SEC("kprobe/x")
int vma_of_number(void *c)
{
	long n = 0;
	struct task_struct *t = (void *)bpf_get_current_task();

	bpf_find_vma(t, 0, vmacb, &n, 0);
	return n;
}

SEC("kprobe/x")
int vma_of_mm(void *c)
{
	long n = 0;
	struct task_struct *t = bpf_get_current_task_btf();

	bpf_find_vma((void *)t->mm, 0, vmacb, &n, 0);
	return n;
}

SEC("kprobe/x")
int vma_of_parent(void *c)
{
	long n = 0;
	struct task_struct *t = bpf_get_current_task_btf();

	bpf_find_vma(t->parent, 0, vmacb, &n, 0);
	return n;
}

SEC("kprobe/x")
int vma_of_first_member(void *c)
{
	long n = 0;
	struct task_struct *t = bpf_get_current_task_btf();

	bpf_find_vma((void *)&t->thread_info, 0, vmacb, &n, 0);
	return n;
}

SEC("kprobe/x")
int vma_moved(void *c)
{
	long n = 0;
	struct task_struct *t = bpf_get_current_task_btf();

	bpf_find_vma((void *)t+8, 0, vmacb, &n, 0);
	return n;
}
