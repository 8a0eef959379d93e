// SPDX-License-Identifier: GPL-2.0-only
// What holds at one place and not at another: hooks, functions that are verified on their own, values that are read again,
// checks of something else, and macros for other programs.
#include <linux/bpf.h>
#include <linux/ip.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct path;

struct sk_buff {
	unsigned int priority, len;
} __attribute__((preserve_access_index));

struct task_struct {
	int pid, prio;
} __attribute__((preserve_access_index));

struct pair {
	__u32 left, right;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, struct pair);
} pairs SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u8[32]);
} tables SEC(".maps");

char name[64];
__u64 got;

SEC("kprobe/filp_close")
int BPF_KPROBE(same_function, struct path *path)
{
	return bpf_d_path(path, name, sizeof(name)); // want policy/helper-not-allowed "bpf_d_path()" help "fentry/filp_close" "and BPF_PROG()"
}

SEC("kprobe/do_exit")
int BPF_KPROBE(another_function, struct path *path)
{
	return bpf_d_path(path, name, sizeof(name)); // want policy/helper-not-allowed "bpf_d_path()" help "fentry/security_inode_getattr" never "fentry/security_file_permission"
}

SEC("tp_btf/netif_rx")
int BPF_PROG(packet_of_others, struct sk_buff *skb)
{
	skb->priority = 3; // want memory/btf-write "`skb` leads into a structure of the kernel, and programs of type Tracing only watch" help "`priority` can be written through `struct __sk_buff`" never "Use a helper"
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(task_of_others, struct task_struct *task)
{
	task->prio = 1; // want memory/btf-write "only watch" help "Keep what is to be remembered in a map or a variable of the program." never "can be written" "Use a helper"
	return 0;
}

__noinline int sum_of(struct pair *p)
{
	return p->left + p->right; // want register-type/nullable-dereference "`p`, a piece of memory, may be NULL here: sum_of() is a global function, which is verified on its own for any argument" help "Insert `if (!p) return 0;` before this line."
}

SEC("tc")
int passes_its_own(struct __sk_buff *skb)
{
	struct pair here = {skb->len, skb->mark};

	return sum_of(&here);
}

__noinline int first_of(struct pair *p)
{
	return p ? p->left : 0;
}

SEC("tc")
int passes_a_number(struct __sk_buff *skb)
{
	return first_of((void *)(long)skb->mark); // want call-type/global-function-argument "given here for its parameter `p` is a number" help "Pass what the type and the tags of `p` promise." never "static"
}

SEC("tc")
int reads_the_index_again(struct __sk_buff *skb)
{
	__u32 zero = 0;
	volatile struct pair *p = bpf_map_lookup_elem(&pairs, &zero);
	__u8 *table = bpf_map_lookup_elem(&tables, &zero);

	if (!p || !table)
		return 0;
	if (p->left < 32)
		return table[p->left]; // want memory/unbounded-offset "`p->left` is read again in line 101: the condition `p->left < 32` in line 100 tested what was read before" help "Read `p->left` into a local variable once, and test and use that variable."
	return 0;
}

SEC("cgroup/bind6")
int address_by_index(struct bpf_sock_addr *ctx)
{
	__u32 word = ctx->protocol & 3;

	return ctx->user_ip6[word] == 1; // want register-type/variable-pointer-dereference "`ctx`, the context, allows only constant offsets, and `word` is a variable" never "the offset used here"
}

SEC("tc")
int tests_one_twice(struct __sk_buff *skb)
{
	__u32 one = skb->mark, two = skb->priority;
	struct pair *a = bpf_map_lookup_elem(&pairs, &one), *b = bpf_map_lookup_elem(&pairs, &two);

	if (a == NULL || a == NULL)
		return 2;
	return a->left + b->left; // want register-type/nullable-dereference "`b`" help "The condition in line 119 tests another pointer twice: `a == NULL || b == NULL` may be meant."
}

SEC("fentry/do_exit")
int BPF_KPROBE(registers_in_fentry, long code) // want memory/context-access "Macro for another kind of program: registers_in_fentry() gets its arguments with BPF_KPROBE()" help "Use BPF_PROG() in place of BPF_KPROBE(), or a section for probes." never "has no member"
{
	got = code;
	return 0;
}

SEC("tc")
int end_and_something(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data, *data_end = (void *)(long)skb->data_end;
	struct iphdr *ip = data + 14;

	if ((void *)(ip + 1) > data_end && skb->mark != 7)
		return 0;
	return ip->ttl; // want memory/packet-out-of-bounds "`(void *)(ip + 1) > data_end` in line 137 is true on this path, which goes on since the other part of that condition is false" help "Test the end in a condition of its own before line 137: `if ((void *)(ip + 1) > data_end) return 0;`." never "no check on this path"
}

SEC("tc")
int one_byte(struct __sk_buff *skb)
{
	__u8 *data = (void *)(long)skb->data, *data_end = (void *)(long)skb->data_end;

	if (data + 1 > data_end) // note "so the first byte of the packet is there"
		return 0;
	return data[1]; // want memory/packet-out-of-bounds "needs the first 2 bytes of the packet" never "first 1 byte"
}

struct walk {
	struct xdp_md *ctx;
	int from;
};

static long look_at(__u32 round, struct walk *w)
{
	void *data = (void *)(long)w->ctx->data; // note "`at` comes from `w->ctx->data` here"
	void *data_end = (void *)(long)w->ctx->data_end;
	__u8 *at = data + w->from + round;

	if ((void *)(at + 1) > data_end)
		return 1;
	return *at == 7; // want memory/packet-out-of-bounds "`*at` needs" never "the offset comes from" "`at` comes from bpf_loop()" "Limit `w->ctx->data`" "result of bpf_loop"
}

SEC("xdp")
int walks_by_rounds(struct xdp_md *ctx)
{
	struct walk w = {.ctx = ctx};

	bpf_loop(900, look_at, &w, 0); // note "the offset is passed by bpf_loop()"
	return XDP_PASS;
}

SEC("tc")
int length_of_the_context(struct __sk_buff *skb)
{
	struct iphdr *ip = (void *)(long)skb->data + 14;

	if (skb->len < 60) // note "this check of a number does not cover the access"
		return 0;
	return ip->ttl; // want memory/packet-out-of-bounds "no check on this path proves that: the condition in line 182 tests `skb->len`, a number that says nothing of the bytes to the verifier"
}

SEC("tc")
int beyond_the_end(struct __sk_buff *skb)
{
	__u8 *end = (void *)(long)skb->data_end;

	asm volatile("%0 += 4" : "+r"(end)); // want register-type/pointer-arith-forbidden "`end`" help "Add to the start of the packet, and compare the sum with its end."
	return end > (__u8 *)(long)skb->data;
}

SEC("tc")
int beyond_a_map(struct __sk_buff *skb)
{
	__u32 zero = 0;
	void *map = &pairs;

	asm volatile("%0 += 4" : "+r"(map)); // want register-type/pointer-arith-forbidden "`map`, which is a map" help "Use the pointer as it is." never "packet"
	return !!bpf_map_lookup_elem(map, &zero);
}

SEC("fentry/vfs_fsync")
int BPF_PROG(given_a_file, struct file *file)
{
	return bpf_d_path((struct path *)file, name, sizeof(name)); // want policy/helper-gate "bpf_d_path()" help "fentry/security_file_permission" never "fentry/security_inode_getattr"
}

char LICENSE[] SEC("license") = "GPL";
