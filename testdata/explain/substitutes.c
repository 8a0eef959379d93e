// SPDX-License-Identifier: GPL-2.0-only
// What would do in place of the map, the argument, the function or the section that a program uses.
#include <linux/bpf.h>
#include <linux/ip.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct event {
	__u32 pid, code;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 8192);
} queue SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, struct event);
} last SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct event);
} buffers SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u32);
} stages SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u64);
} sockets SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(max_entries, 64);
	__uint(key_size, 4);
	__uint(value_size, 127 * 8);
} traces SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_CGROUP_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u32);
} groups SEC(".maps");

struct task_struct {
	int tgid;
} __attribute__((preserve_access_index));

char name[16];
long seen;

SEC("raw_tp/sched_switch")
int perf_output_to_ringbuf(void *ctx)
{
	struct event now = { .code = 3 };

	return bpf_perf_event_output(ctx, &queue, 0, &now, sizeof(now)); // want call-type/map-helper-mismatch "`queue` is a BPF_MAP_TYPE_RINGBUF" help "Call `bpf_ringbuf_output(&queue, &now, sizeof(now), 0)` instead" never "Change the type"
}

SEC("perf_event")
int stack_into_hash(void *ctx)
{
	return bpf_get_stackid(ctx, &last, 0); // want call-type/map-helper-mismatch "`last` is a BPF_MAP_TYPE_LRU_HASH" help "Pass `&traces` instead" never "Change the type"
}

SEC("tc")
int tail_call_into_sockets(struct __sk_buff *skb)
{
	bpf_tail_call(skb, &sockets, 2); // want call-type/tail-call-map "`sockets` is a BPF_MAP_TYPE_SOCKMAP" help "Pass `&stages` instead"
	return 0;
}

SEC("tc")
int cgroup_of_hash(struct __sk_buff *skb)
{
	return bpf_skb_under_cgroup(skb, &last, 0) == 1; // want call-type/map-helper-mismatch "works on `BPF_MAP_TYPE_CGROUP_ARRAY` only" help "Pass `&groups` instead"
}

SEC("kprobe/do_exit")
int source_and_destination(void *ctx)
{
	struct task_struct *me = (void *)bpf_get_current_task();
	char comm[16] = {};

	seen = bpf_probe_read_kernel_str((void *)me, sizeof(comm), comm); // want call-type/wrong-argument-kind "Arguments exchanged" "The first argument of bpf_probe_read_kernel_str(), `(void *)me`, is a number, while the third one, `comm`, is the memory that is needed" help "`bpf_probe_read_kernel_str(comm, sizeof(comm), (void *)me)`"
	return 0;
}

SEC("kprobe/do_exit")
int number_for_memory(void *ctx)
{
	return bpf_get_current_comm((void *)bpf_ktime_get_ns(), 16); // want call-type/wrong-argument-kind "is a number, but memory of known size" help "Pass the address of memory of the program" never "exchanged"
}

SEC("kprobe/do_exit")
int submits_a_map_value(void *ctx)
{
	__u32 zero = 0;
	struct event *e = bpf_map_lookup_elem(&buffers, &zero);

	if (!e)
		return 0;
	e->code = 5;
	bpf_ringbuf_submit(e, 0); // want call-type/wrong-argument-kind "bpf_ringbuf_submit() takes what bpf_ringbuf_reserve() returned, and its first argument, `e`, is a map value" help "Send `e` with `bpf_ringbuf_output(&queue, e, sizeof(*e), 0)`" never "for an object"
	return 0;
}

SEC("kprobe/do_exit")
int discards_a_local(void *ctx)
{
	struct event e = {};

	bpf_ringbuf_discard(&e, 0); // want call-type/wrong-argument-kind "bpf_ringbuf_discard() takes what bpf_ringbuf_reserve() returned" help "Leave the call out"
	return 0;
}

SEC("kprobe/do_exit")
int discarded_in_a_branch(void *ctx)
{
	struct event *e = bpf_ringbuf_reserve(&queue, sizeof(*e), 0);

	if (!e)
		return 0;
	e->code = bpf_get_smp_processor_id();
	if (e->code > 3)
		bpf_ringbuf_discard(e, 0);
	bpf_ringbuf_submit(e, 0); // want call-type/wrong-argument-kind "it is not valid any more after bpf_ringbuf_discard()" help "Return after bpf_ringbuf_discard(): `{ bpf_ringbuf_discard(e, 0); return 0; }`, or make the call in this line only in an `else`" never "emove one"
	return 0;
}

SEC("kprobe/do_exit")
int submitted_before(void *ctx)
{
	struct event *e = bpf_ringbuf_reserve(&queue, sizeof(*e), 0);
	__u32 cpu = bpf_get_smp_processor_id();

	if (!e)
		return 0;
	e->code = cpu;
	bpf_ringbuf_submit(e, 0);
	if (cpu > 3)
		bpf_ringbuf_discard(e, 0); // want call-type/wrong-argument-kind "it is not valid any more" help "Leave out the call in this line" never "Return after"
	return 0;
}

SEC("kprobe/do_exit")
int discarded_and_left(void *ctx)
{
	struct event *e = bpf_ringbuf_reserve(&queue, sizeof(*e), 0);

	if (!e)
		return 0;
	e->code = bpf_get_smp_processor_id();
	if (e->code > 3)
		{ bpf_ringbuf_discard(e, 0); return 0; }
	bpf_ringbuf_submit(e, 0);
	return 0;
}

SEC("cgroup_skb/egress")
int releases_the_socket(struct __sk_buff *skb)
{
	struct bpf_sock *sk = skb->sk;

	if (!sk)
		return 1;
	sk = bpf_sk_fullsock(sk);
	if (!sk)
		return 1;
	seen = sk->mark;
	return 1;
}

SEC("tc")
int releases_a_borrowed_socket(struct __sk_buff *skb)
{
	struct bpf_sock *sk = skb->sk;

	if (!sk)
		return 0;
	sk = bpf_sk_fullsock(sk);
	if (!sk)
		return 0;
	bpf_sk_release(sk); // want call-type/release-not-owned "Release of something borrowed" "`sk` owns nothing: it comes from bpf_sk_fullsock() at line 196, which acquires nothing" help "Leave the call out" never "was released already"
	return 0;
}

SEC("kprobe/do_unlinkat")
int sleeps_in_a_kprobe(struct pt_regs *ctx)
{
	return bpf_copy_from_user(name, sizeof(name), (void *)8); // want execution-context/sleepable-helper "this program is not one that may" help "Use bpf_probe_read_user(), which does not sleep" never "region"
}

SEC("lsm/file_open")
int sleeps_in_an_lsm_program(void *ctx)
{
	return bpf_copy_from_user(name, sizeof(name), (void *)8) & 0; // want execution-context/sleepable-helper "this program is not one that may" help "Let the program sleep with" "lsm.s/file_open" never "region"
}

SEC("tc")
int redirects_by_map(struct __sk_buff *skb)
{
	return bpf_redirect_map(&last, 1, 0); // want policy/helper-not-allowed "bpf_redirect_map() cannot be used in programs of type SchedCLS" help "Use bpf_redirect() here" never "devmap"
}

SEC("socket")
int filter_by_pointer(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data; // want memory/context-access "`data` of `struct __sk_buff` is not available to programs of type SocketFilter" help "Copy what is needed of the packet with bpf_skb_load_bytes()" never "from the packet or by a helper"

	return data != 0;
}

SEC("cgroup_skb/ingress")
int marks_the_packet(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data, *data_end = (void *)(long)skb->data_end;
	struct iphdr *ip = data;

	if ((void *)(ip + 1) > data_end)
		return 1;
	ip->ttl = 4; // want memory/packet-write "`ip->ttl` is in the packet" help "but its `data` begins with the header of the link layer" never "some types have a helper"
	return 1;
}

SEC("xdp")
int before_the_end(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end, *data = (void *)(long)ctx->data;
	__u16 *tail = data_end - 2; // want register-type/pointer-arith-forbidden "No number can be added to or subtracted from `data_end`" never "Nothing can"

	if ((void *)tail < data)
		return XDP_PASS;
	return *tail ? XDP_PASS : XDP_DROP;
}

SEC("xdp")
int difference_is_a_number(struct xdp_md *ctx)
{
	seen = ctx->data_end - ctx->data;
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
