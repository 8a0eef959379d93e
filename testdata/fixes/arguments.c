// SPDX-License-Identifier: GPL-2.0-only
// Calls with something else than what they take.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>

struct event {
	__u32 pid;
	char comm[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u64);
} marks SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(max_entries, 64);
	__uint(key_size, 4);
	__uint(value_size, 8 * 20);
} stacks SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} news SEC(".maps");

SEC("tc")
int swapped(struct __sk_buff *skb)
{
	__u32 key = skb->mark;
	__u64 *n = bpf_map_lookup_elem(&key, &marks); // fix argument

	if (n)
		*n += 1;
	return 0;
}

SEC("kprobe/do_nanosleep")
int another_context(struct pt_regs *ctx)
{
	struct event e = {};

	bpf_get_stackid(&e, &stacks, 0); // fix argument
	return 0;
}

SEC("kprobe/do_nanosleep")
int another_map(struct pt_regs *ctx)
{
	return bpf_get_stackid(ctx, &marks, 0) == 7; // fix argument
}

SEC("kprobe/do_nanosleep")
int too_long(struct pt_regs *ctx)
{
	struct event e = {};

	bpf_get_current_comm(e.comm, 32); // fix argument
	return e.comm[0] == 'x';
}

SEC("kprobe/do_nanosleep")
int size_of_the_pointer(struct pt_regs *ctx)
{
	struct event *e = bpf_ringbuf_reserve(&news, sizeof(e), 0);

	if (!e)
		return 0;
	bpf_get_current_comm(e->comm, sizeof(e->comm)); // fix argument
	bpf_ringbuf_submit(e, 0);
	return 0;
}

SEC("kprobe/do_nanosleep")
int ring_buffer(struct pt_regs *ctx)
{
	struct event e = {};

	e.pid = bpf_get_current_pid_tgid() >> 32;
	bpf_perf_event_output(ctx, &news, BPF_F_CURRENT_CPU, &e, sizeof(e)); // fix argument
	return 0;
}

SEC("kprobe/do_nanosleep")
int not_reserved(struct pt_regs *ctx)
{
	struct event e = {};

	e.pid = bpf_get_current_pid_tgid() >> 32;
	bpf_ringbuf_submit(&e, 0); // fix argument
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
