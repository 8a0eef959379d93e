// SPDX-License-Identifier: GPL-2.0-only
// Arguments and parameters: where a special field has to be, what has to be constant or trusted, what the compiler dropped,
// and what a hook or a kernel structure has.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct bpf_wq {
	__u64 opaque[2];
} __attribute__((aligned(8)));

extern int bpf_wq_init(struct bpf_wq *wq, void *map, unsigned int flags) __ksym;

struct task_struct {
	struct task_struct *last_wakee;
	int pid;
} __attribute__((preserve_access_index));

extern struct task_struct *bpf_task_acquire(struct task_struct *p) __ksym;
extern void bpf_task_release(struct task_struct *p) __ksym;

struct job {
	struct bpf_wq work;
	struct bpf_timer timer;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct job);
} jobs SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, __u64);
} runs SEC(".maps");

char line[64];

SEC("tc")
int work_on_stack(struct __sk_buff *skb)
{
	struct bpf_wq later = {}; // note "`later` is a variable on the stack"

	return bpf_wq_init(&later, &jobs, 0); // want call-type/special-field-argument "bpf_wq_init() needs a `struct bpf_wq` in the value of a map, and `later` is on the stack (line 46)" "the values of `jobs` have one, `work`" help "Look a value of `jobs` up, leave if it is NULL, and pass `&value->work`"
}

SEC("tc")
int timer_on_stack(struct __sk_buff *skb)
{
	struct bpf_timer tick = {};

	return bpf_timer_init(&tick, &jobs, 0); // want call-type/wrong-argument-kind "bpf_timer_init() needs a `struct bpf_timer` in the value of a map, and `tick` is on the stack" never "for a key or a buffer"
}

SEC("tc")
int format_on_stack(struct __sk_buff *skb)
{
	char shape[] = "mark %d";
	__u64 args[] = { skb->mark };

	return bpf_snprintf(line, sizeof(line), shape, args, sizeof(args)); // want call-type/wrong-argument-kind "The third argument of bpf_snprintf() must be a constant string, and `shape` is an array on the stack (line 62)" help "`static const char shape[]`" never "for a key"
}

SEC("tp_btf/sched_switch")
int number_for_task(__u64 *ctx)
{
	struct task_struct *me = (void *)bpf_get_current_task();

	return !!bpf_task_storage_get(&runs, me, 0, 0); // want call-type/wrong-argument-kind "`me`, must be a pointer that the kernel trusts, and bpf_get_current_task() returns only a number" help "Use bpf_get_current_task_btf() instead"
}

__noinline int flip(struct xdp_md *ctx, int n)
{
	return n ^ 1;
}

SEC("xdp")
int dropped_argument(struct xdp_md *ctx)
{
	volatile int n = 3;

	n += 1;
	return flip(ctx, n) & 1; // want call-type/global-function-argument "Argument dropped by the compiler: flip() never reads its parameter `ctx`" help "Remove the parameter `ctx`" never "is set here" "given here is not one" "becomes"
}

__noinline int ignores(struct xdp_md *ctx, int n)
{
	return n + 1;
}

SEC("xdp")
int ignored_and_wrong(struct xdp_md *ctx)
{
	int n = bpf_get_smp_processor_id();

	return ignores((void *)(long)n, n) & 1; // want call-type/global-function-argument "ignores()"
}

struct bpf_dynptr;

__noinline int looks_at_nothing(struct bpf_dynptr *d)
{
	int n = 0;

	asm volatile("%0 = 1" : "=r"(n));
	return n;
}

SEC("raw_tp")
int dropped_with_its_source(void *ctx)
{
	struct task_struct *me = (void *)bpf_get_current_task_btf();

	looks_at_nothing((void *)me); // want call-type/global-function-argument "looks_at_nothing() never reads its parameter `d`" never "is the context"
	return 0;
}

struct pair {
	int a, b;
};

__noinline int sum(struct pair *p, int scale)
{
	return p ? (p->a + p->b) * scale : 0;
}

SEC("xdp")
int other_kind_of_argument(struct xdp_md *ctx)
{
	return sum((void *)ctx, ctx->rx_queue_index) & 1; // want call-type/global-function-argument "given here for its parameter `p` is the context" never "never reads"
}

__noinline int first_byte(void *where, int limit) // want program-structure/global-function-signature "first_byte() is verified on its own, and its parameter `where` is a `void *`" help "For the context declare it `struct xdp_md *`, or tag it `__arg_ctx`"
{
	struct xdp_md *ctx = where;

	return ctx->rx_queue_index > limit;
}

SEC("xdp")
int context_as_void(struct xdp_md *ctx)
{
	return first_byte(ctx, 2);
}

__u64 got;

SEC("fentry/vfs_unlink")
int BPF_PROG(five_of_four, void *idmap, void *dir, void *entry, void *delegated, int flags) // want memory/context-access "`int flags` would be the fifth argument, but vfs_unlink() has 4 arguments in the target kernel: `int vfs_unlink(struct mnt_idmap *idmap, struct inode *dir" help "Declare only the arguments that are there"
{
	got = flags;
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(three_of_two, void *task, int dead, int more) // want memory/context-access "`int more` would be the third argument, but the tracepoint `sched_process_exit` has 2 arguments"
{
	got = more;
	return 0;
}

struct sock;

struct tcp_sock {
	__u32 snd_cwnd, rcv_wnd;
} __attribute__((preserve_access_index));

struct tcp_congestion_ops {
	void (*init)(struct sock *sk);
	__u32 (*ssthresh)(struct sock *sk);
	__u32 (*undo_cwnd)(struct sock *sk);
	void (*cong_avoid)(struct sock *sk, __u32 ack, __u32 acked);
	char name[16];
} __attribute__((preserve_access_index));

SEC("struct_ops")
void BPF_PROG(start, struct sock *sk)
{
	struct tcp_sock *tp = (void *)sk;

	tp->snd_cwnd = 10;
	tp->rcv_wnd = 1 << 16; // want memory/btf-write "`rcv_wnd` of `struct tcp_sock` is read-only" help "`snd_cwnd`, `snd_cwnd_cnt`"
}

SEC("struct_ops")
__u32 BPF_PROG(half, struct sock *sk)
{
	return ((struct tcp_sock *)sk)->snd_cwnd / 2;
}

SEC("struct_ops")
void BPF_PROG(grow, struct sock *sk, __u32 ack, __u32 acked)
{
}

SEC(".struct_ops")
struct tcp_congestion_ops plain = {
	.init = (void *)start, .ssthresh = (void *)half, .undo_cwnd = (void *)half, .cong_avoid = (void *)grow, .name = "plain",
};

struct inode___old {
	struct {
		__s64 tv_sec;
	} i_atime;
} __attribute__((preserve_access_index));

SEC("fentry/vfs_unlink")
int BPF_PROG(renamed, void *idmap, struct inode___old *dir)
{
	got = dir->i_atime.tv_sec; // want loader/unresolved-relocation "has no member `i_atime`" help "Did you mean `i_atime_nsec` or `i_atime_sec`"
	return 0;
}

SEC("tp_btf/sched_wakeup")
int walked_pointer(__u64 *ctx)
{
	struct task_struct *task = (void *)ctx[0], *last = task->last_wakee, *held = bpf_task_acquire(last); // want call-type/rcu-argument "`last`, must be a pointer to a `struct task_struct` that is known to stay valid, and this one was reached by following pointers" help "bpf_task_from_pid() or bpf_task_from_vpid()"

	if (held)
		bpf_task_release(held);
	return 0;
}

SEC("fentry/wake_up_new_task")
int argument_of_a_function(__u64 *ctx)
{
	struct task_struct *held = bpf_task_acquire((void *)ctx[0]); // want call-type/rcu-argument "what wake_up_new_task() is given is not trusted in programs of this kind" help "Get a reference with bpf_task_from_pid()" "tp_btf" never "following pointers"

	if (held)
		bpf_task_release(held);
	return 0;
}

__noinline int number_of(struct task_struct *task)
{
	return task ? task->pid : 0;
}

SEC("tp_btf/sched_wakeup")
int task_without_tag(__u64 *ctx)
{
	return number_of((void *)ctx[0]); // want call-type/global-function-argument "without a tag its parameter `task` is memory of the program" help "`struct task_struct *task __arg_trusted`"
}

SEC("tc")
int length_is_fixed(struct __sk_buff *skb)
{
	skb->len = 3; // want memory/context-access "`len` of `struct __sk_buff` can be read in programs of type SchedCLS, but not written" help "`mark`, `queue_mapping`, `priority`"
	return 0;
}

SEC("xdp")
int queue_is_fixed(struct xdp_md *ctx)
{
	ctx->rx_queue_index = 3; // want memory/context-access "`rx_queue_index` of `struct xdp_md` can be read in programs of type XDP, but not written, and neither can any other member"
	return XDP_PASS;
}

SEC("tc")
int family_of_sockets(struct __sk_buff *skb)
{
	return skb->family; // want memory/context-access "`family` of `struct __sk_buff` is not available to programs of type SchedCLS: it is for programs of type CGroupSKB or SkSKB"
}

SEC("kprobe/do_unlinkat")
int lock_in_kprobe(void *ctx)
{
	__u32 key = 0;

	return !!bpf_map_lookup_elem(&jobs, &key); // want policy/map-not-allowed "cannot use maps with a `struct bpf_timer` in their values, and `jobs` has one (`timer`, line 24)"
}

char LICENSE[] SEC("license") = "GPL";
