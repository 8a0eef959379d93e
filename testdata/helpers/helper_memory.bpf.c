// SPDX-License-Identifier: GPL-2.0-only
// Memory as arguments: what a helper may read and write, and how much of it.
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

const char rostr[] = "hello %d";
char wrstr[16] = "hi";
const char notz[4] = { 'a', 'b', 'c', 'd' };

#define LOOKUP(map, n) bpf_map_lookup_elem(&map, &(int){ n })

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} rb SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, int);
	__type(value, long[4]);
	__uint(map_flags, 128);
} ro SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4);
	__type(key, int);
	__type(value, long);
} hash SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
} pe SEC(".maps");

SEC("tc")
int rb_out(struct __sk_buff *s)
{
	long x = 1;

	bpf_ringbuf_output(&rb, &x, 16, 0);
	return 0;
}

SEC("tc")
int rb_out_pkt(struct __sk_buff *s)
{
	void *d = (void *)(long)s->data, *e = (void *)(long)s->data_end;

	if (d + 4 > e)
		return 0;
	bpf_ringbuf_output(&rb, d, 4, 0);
	return 0;
}

SEC("tc")
int csum_null(struct __sk_buff *s)
{
	long x = 0;
	return bpf_csum_diff(0, 0, (void *)&x, 8, 0);
}

SEC("tc")
int csum_null4(struct __sk_buff *s)
{
	long x = 0;
	return bpf_csum_diff(0, 4, (void *)&x, 8, 0);
}

SEC("tc")
int csum_var(struct __sk_buff *s)
{
	long x[4] = {};
	unsigned n = s->len;

	if (n > 32)
		return 0;
	return bpf_csum_diff((void *)x, n, 0, 0, 0);
}

SEC("tc")
int csum_pkt(struct __sk_buff *s)
{
	void *d = (void *)(long)s->data, *e = (void *)(long)s->data_end;

	if (d + 8 > e)
		return 0;
	return bpf_csum_diff(d, 8, 0, 0, 0);
}

SEC("tc")
int load_var(struct __sk_buff *s)
{
	char b[32];
	unsigned n = s->len;

	if (n > 32 || n < 1)
		return 0;
	bpf_skb_load_bytes(s, 0, b, n);
	return b[0];
}

SEC("tc")
int load_zero(struct __sk_buff *s)
{
	char b[32];
	unsigned n = s->len;

	if (n > 32)
		return 0;
	bpf_skb_load_bytes(s, 0, b, n);
	return b[0];
}

SEC("tc")
int load_big(struct __sk_buff *s)
{
	char b[32];

	bpf_skb_load_bytes(s, 0, b, s->len);
	return b[0];
}

SEC("tc")
int load_neg(struct __sk_buff *s)
{
	char b[32];
	int n = s->len;

	bpf_skb_load_bytes(s, 0, b, n);
	return b[0];
}

SEC("tc")
int load_ro(struct __sk_buff *s)
{
	bpf_skb_load_bytes(s, 0, (void *)rostr, 4);
	return 0;
}

SEC("tc")
int load_ctx(struct __sk_buff *s)
{
	bpf_skb_load_bytes((void *)s + 4, 0, wrstr, 4);
	return 0;
}

SEC("tc")
int load_notctx(struct __sk_buff *s)
{
	char b[4];

	bpf_skb_load_bytes((void *)b, 0, wrstr, 4);
	return 0;
}

SEC("tc")
int load_topkt(struct __sk_buff *s)
{
	void *d = (void *)(long)s->data, *e = (void *)(long)s->data_end;

	if (d + 8 > e)
		return 0;
	bpf_skb_load_bytes(s, 0, d, 4);
	return 0;
}

SEC("tc")
int store_moves(struct __sk_buff *s)
{
	void *d = (void *)(long)s->data, *e = (void *)(long)s->data_end;

	if (d + 8 > e)
		return 0;
	bpf_skb_store_bytes(s, 0, wrstr, 4, 0);
	return *(char*)d;
}

SEC("tc")
int pull(struct __sk_buff *s)
{
	void *d, *e;

	bpf_skb_pull_data(s, 0);
	d = (void *)(long)s->data;
	e= (void *)(long)s->data_end;
	if (d + 8 > e)
		return 0;
	return *(char*)d;
}

SEC("tc")
int strncmp_var(struct __sk_buff *s)
{
	return bpf_strncmp(wrstr, 4, rostr + (s->mark & 3));
}

SEC("tc")
int strncmp_wr(struct __sk_buff *s)
{
	return bpf_strncmp(wrstr, 4, wrstr);
}

SEC("tc")
int strncmp_nz(struct __sk_buff *s)
{
	return bpf_strncmp(wrstr, 4, notz);
}

SEC("tc")
int strncmp_stack(struct __sk_buff *s)
{
	char b[4]="ab";
	return bpf_strncmp(wrstr, 4, b);
}

SEC("tc")
int strtol_1(struct __sk_buff *s)
{
	long r;

	bpf_strtol(wrstr, 8, 0, &r);
	return r;
}

SEC("tc")
int strncmp_map(struct __sk_buff *s)
{
	void *p = LOOKUP(ro, 1);

	if (!p)
		return 0;
	return bpf_strncmp(wrstr, 4, p);
}

SEC("tc")
int check_mtu(struct __sk_buff *s)
{
	unsigned m = 0;

	bpf_check_mtu(s, 0, &m, 0, 0);
	return m;
}

SEC("tc")
int check_mtu_mis(struct __sk_buff *s)
{
	char b[8] = {};

	bpf_check_mtu(s, 0, (void *)(b+2), 0, 0);
	return 0;
}

SEC("tc")
int check_mtu_null(struct __sk_buff *s)
{
	bpf_check_mtu(s, 0, 0, 0, 0);
	return 0;
}

SEC("tc")
int printk(struct __sk_buff *s)
{
	bpf_printk("a %d %s", s->len, "x");
	return 0;
}

SEC("tc")
int smp(struct __sk_buff *s)
{
	long a[2] = { 1, 2 };
	return a[bpf_get_smp_processor_id() & 1] + bpf_get_numa_node_id();
}

SEC("tc")
int fib(struct __sk_buff *s)
{
	struct bpf_fib_lookup f = {};
	return bpf_fib_lookup(s, &f, sizeof f, 0);
}

SEC("tc")
int fib_uninit(struct __sk_buff *s)
{
	struct bpf_fib_lookup f;
	return bpf_fib_lookup(s, &f, sizeof f, 0);
}

SEC("kprobe/x")
int readstr(void *c)
{
	char b[64];
	long n = bpf_probe_read_kernel_str(b, sizeof b, c);

	if (n > 0 && n < 65)
		return b[n-1];
	return 0;
}

SEC("kprobe/x")
int readstr2(void *c)
{
	char b[64];
	unsigned l = bpf_get_prandom_u32() & 31;
	long n = bpf_probe_read_kernel_str(b, l, c);

	return n;
}

SEC("kprobe/x")
int readk(void *c)
{
	long x;

	bpf_probe_read_kernel(&x, 8, c);
	return x;
}

SEC("kprobe/x")
int readk9(void *c)
{
	long x;

	bpf_probe_read_kernel(&x, 9, c);
	return x;
}

SEC("kprobe/x")
int readktask(void *c)
{
	struct task_struct *t = bpf_get_current_task_btf();

	bpf_probe_read_kernel(t, 8, c);
	return 0;
}

SEC("kprobe/x")
int outtask(void *c)
{
	struct task_struct *t = bpf_get_current_task_btf();

	bpf_ringbuf_output(&rb, t, 8, 0);
	return 0;
}

SEC("kprobe/x")
int outtask2(void *c)
{
	struct task_struct *t = bpf_get_current_task_btf();

	bpf_ringbuf_output(&rb, t, 800000, 0);
	return 0;
}

SEC("kprobe/x")
int outmm(void *c)
{
	struct task_struct *t = bpf_get_current_task_btf();

	bpf_ringbuf_output(&rb, t->mm, 8, 0);
	return 0;
}

SEC("kprobe/x")
int outctx(void *c)
{
	bpf_ringbuf_output(&rb, c, 8, 0);
	return 0;
}

SEC("kprobe/x")
int outctx2(void *c)
{
	bpf_ringbuf_output(&rb, c, 800, 0);
	return 0;
}

SEC("kprobe/x")
int outnull(void *c)
{
	bpf_ringbuf_output(&rb, 0, 8, 0);
	return 0;
}

SEC("kprobe/x")
int outnull0(void *c)
{
	bpf_ringbuf_output(&rb, 0, 0, 0);
	return 0;
}

SEC("kprobe/x")
int perf(void *c)
{
	long x = 1;
	return bpf_perf_event_output(c, &pe, 0xffffffffULL, &x, 8);
}

SEC("kprobe/x")
int perf2(void *c)
{
	long x = 1;
	return bpf_perf_event_output(c, &hash, 0xffffffffULL, &x, 8);
}

SEC("kprobe/x")
int perf3(void *c)
{
	long x = 1;
	return bpf_perf_event_output(&x, &pe, 0xffffffffULL, &x, 8);
}

SEC("kprobe/x")
int perf4(void *c)
{
	struct bpf_perf_event_value v;

	bpf_perf_event_read_value(&pe, 0, &v, sizeof v);
	return v.counter;
}

SEC("kprobe/x")
int comm(void *c)
{
	char b[16];

	bpf_get_current_comm(b, 16);
	return b[3];
}

SEC("kprobe/x")
int comm0(void *c)
{
	char b[16];

	bpf_get_current_comm(b, 0);
	return 0;
}

SEC("kprobe/x")
int copyuser(void *c)
{
	long x;
	return bpf_copy_from_user(&x, 8, c);
}

SEC("uprobe.s/x")
int copyuser_s(void *c)
{
	long x;

	bpf_copy_from_user(&x, 8, c);
	return x;
}

SEC("uprobe.s/x")
int copytask_s(void *c)
{
	long x;

	bpf_copy_from_user_task(&x, 8, c, bpf_get_current_task_btf(), 0);
	return x;
}

SEC("kprobe/x")
int ns(void *c)
{
	struct bpf_pidns_info n;

	bpf_get_ns_current_pid_tgid(1, 2, &n, 8);
	return n.pid;
}

SEC("kprobe/x")
int wuser(void *c)
{
	long x = 1;
	return bpf_probe_write_user(c, &x, 8);
}
