// SPDX-License-Identifier: GPL-2.0-only
// What is passed, read or cast in place of what a call or an access takes: maps that may be NULL, memory of the kernel,
// moved pointers, special objects, and objects of another type.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct file {
	unsigned int f_flags;
} __attribute__((preserve_access_index));

struct task_struct {
	int pid, tgid;
	struct file *exe;
	char comm[16];
} __attribute__((preserve_access_index));

struct sock;

struct tcp_sock {
	__u32 rcv_wnd;
} __attribute__((preserve_access_index));

struct tcp6_sock {
	struct tcp_sock tcp;
} __attribute__((preserve_access_index));

struct bpf_iter_num {
	__u64 opaque[1];
};

extern int bpf_iter_num_new(struct bpf_iter_num *it, int start, int end) __ksym;
extern int *bpf_iter_num_next(struct bpf_iter_num *it) __ksym;
extern void bpf_iter_num_destroy(struct bpf_iter_num *it) __ksym;

struct inner {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u64);
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 4);
	__type(key, __u32);
	__array(values, struct inner);
} by_cpu SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u32);
} seen SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4);
	__type(key, char[16]);
	__type(value, __u32);
} names SEC(".maps");

__u64 got;

SEC("tc")
int update_of_an_inner_map(struct __sk_buff *skb)
{
	__u32 cpu = bpf_get_smp_processor_id(), key = skb->mark;
	__u64 one = 1;
	void *counts = bpf_map_lookup_elem(&by_cpu, &cpu);

	return bpf_map_update_elem(counts, &key, &one, BPF_ANY); // want call-type/map-argument "Map may be NULL: The first argument of bpf_map_update_elem(), `counts`, is what was looked up in `by_cpu`, which may be NULL" help "Insert `if (!counts) return 0;` before this line." never "must be a map" "is no map"
}

SEC("tc")
int map_found_missing(struct __sk_buff *skb)
{
	__u32 cpu = bpf_get_smp_processor_id(), key = skb->mark;
	void *counts = bpf_map_lookup_elem(&by_cpu, &cpu);

	if (!counts)
		got++;
	return bpf_map_delete_elem(counts, &key); // want call-type/map-argument "`counts` of bpf_map_delete_elem() is NULL on this path: `!counts` at line 82 is true" help "end the `if` in line 82 with `return 0;`"
}

SEC("tc")
int value_in_place_of_the_map(struct __sk_buff *skb)
{
	__u32 key = skb->mark;

	return bpf_map_delete_elem(&key, &seen); // want call-type/map-argument "must be a map, and the map, `&seen`, is the second argument" help "Change places of `&key` and `&seen`." never "looked up in it"
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(value_in_a_task, struct task_struct *task)
{
	__u32 key = 0;

	return bpf_map_update_elem(&seen, &key, &task->tgid, BPF_ANY); // want call-type/read-only-argument "Argument in memory of the kernel: bpf_map_update_elem() takes a value in memory of the program only, and `&task->tgid` is in an object of the kernel, a `struct task_struct`" help "`__u32 copy = task->tgid;`, then `&copy`" never "may write"
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(name_in_a_task, struct task_struct *task)
{
	return !!bpf_map_lookup_elem(&names, &task->comm); // want call-type/read-only-argument "takes a key in memory of the program only" help "Copy what is needed to a local variable" never "may write" "copy = task->comm"
}

SEC("tc")
int moved_packet(struct __sk_buff *skb)
{
	__u32 word = 0;

	bpf_skb_load_bytes((void *)skb + 16, 0, &word, sizeof(word)); // want register-type/modified-pointer-dereference "The first argument of bpf_skb_load_bytes(), `(void *)skb + 16`, is the context moved by 16 bytes" help "Pass `skb` itself as the first argument." never "Access the member"
	return word;
}

SEC("tc")
int moved_in_a_branch(struct __sk_buff *skb)
{
	void *at = &got;
	__u32 word;

	if (skb->priority == 3)
		at = &skb->hash; // note "`at` is `&skb->hash` here, which is 68 bytes further on"
	asm volatile("%0 = *(u32 *)(%1 + 0)" : "=r"(word) : "r"(at)); // want register-type/modified-pointer-dereference "`at`, the context, must be used as it was given, but 68 bytes were added to it first"
	return word;
}

SEC("raw_tp/sys_enter")
int iterator_looked_into(void *ctx)
{
	struct bpf_iter_num round;

	bpf_iter_num_new(&round, 0, 10);
	got = *(volatile __u64 *)&round; // want memory/special-stack-read "Direct read of an iterator: `round` is an iterator" help "from its next function" never "dynptr" "IRQ"
	bpf_iter_num_destroy(&round);
	return 0;
}

SEC("fentry/tcp_connect")
int BPF_PROG(cast_in_the_expression, struct sock *sk)
{
	got = ((struct tcp6_sock *)sk)->tcp.rcv_wnd; // want memory/btf-access "`sk` points to a `struct sock`" "A cast in C does not change that" help "Get a `struct tcp6_sock` with bpf_skc_to_tcp6_sock(), and check the result for NULL" never "udp6"
	return 0;
}

SEC("fentry/filp_close")
int BPF_PROG(file_as_a_task, struct file *file)
{
	struct task_struct *owner = (struct task_struct *)file; // note "`owner` is `file`, which the cast does not change"

	got = owner->comm[0]; // want memory/btf-access "`owner` points to a `struct file`" help "Get a `struct task_struct` with bpf_get_current_task_btf()" never "tcp_sock" "check the result"
	return 0;
}

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u32);
} steps SEC(".maps");

SEC("tc")
int call_turned_round(struct __sk_buff *skb)
{
	bpf_tail_call(&steps, skb, 1); // want call-type/context-argument "must be the program's own context pointer, and the context, `skb`, is the second argument" help "Change places of `&steps` and `skb`." never "`ctx`"
	return 0;
}

SEC("tc")
int number_for_the_context(struct __sk_buff *skb)
{
	return bpf_skb_change_type((void *)&got, 1); // want call-type/context-argument "must be the program's own context pointer" help "Pass `skb` itself." never "`ctx`"
}

char LICENSE[] SEC("license") = "GPL";
