// SPDX-License-Identifier: GPL-2.0-only
// A release is suggested where only paths that own the resource come by, and of the right object.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct event {
	__u64 at, len;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u32);
} next SEC(".maps");

struct task_struct {
	int pid;
} __attribute__((preserve_access_index));

struct owner {
	struct task_struct __kptr *task;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct owner);
} owners SEC(".maps");

extern struct task_struct *bpf_task_from_pid(int pid) __ksym;

struct bpf_list_head {
	__u64 opaque[2];
} __attribute__((aligned(8)));

struct bpf_list_node {
	__u64 opaque[3];
} __attribute__((aligned(8)));

struct entry {
	__u64 weight;
	struct bpf_list_node link;
};

extern struct bpf_list_node *bpf_list_pop_back(struct bpf_list_head *head) __ksym;

struct bpf_spin_lock lock SEC(".data.lists") __attribute__((aligned(8)));
struct bpf_list_head entries SEC(".data.lists") __attribute__((aligned(8), btf_decl_tag("contains:entry:link")));
struct entry keeps_the_type;
__u64 heaviest;

SEC("tc")
int one_case(struct __sk_buff *skb)
{
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);

	if (!e)
		return 0;
	switch (skb->mark) {
	case 7:
		e->at = 3;
		break;
	case 9:
		return 0; // want resource-lifetime/unreleased-reference "`e`" help "Call `bpf_ringbuf_discard(e, 0);` before this line"
	case 12:
		e->at = 5;
		break;
	default:
		bpf_ringbuf_discard(e, 0);
		return 0;
	}
	bpf_ringbuf_submit(e, 0);
	return 0;
}

SEC("tc")
int submits_after_the_call(struct __sk_buff *skb)
{
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);

	if (!e)
		return 0;
	e->len = skb->len;
	bpf_tail_call(skb, &next, 1); // want resource-lifetime/unreleased-reference "`e`" help "Move `bpf_ringbuf_submit(e, 0);` from line 92 to before this line" never "discard(e"
	bpf_ringbuf_submit(e, 0);
	return 2;
}

SEC("tc")
int writes_after_the_call(struct __sk_buff *skb)
{
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);

	if (!e)
		return 0;
	bpf_tail_call(skb, &next, 1); // want resource-lifetime/unreleased-reference "`e`" help "Release `e` before this line, and neither use nor release it after it" never "discard(e"
	e->len = skb->len;
	bpf_ringbuf_submit(e, 0);
	return 2;
}

SEC("tc")
int only_the_call(struct __sk_buff *skb)
{
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);

	if (!e)
		return 0;
	bpf_tail_call(skb, &next, 1); // want resource-lifetime/unreleased-reference "`e`" help "Call `bpf_ringbuf_discard(e, 0);` before this line"
	return 2;
}

SEC("tc")
int calls_on_a_condition(struct __sk_buff *skb)
{
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);

	if (!e)
		return 0;
	if (skb->mark == 5)
		bpf_tail_call(skb, &next, 1); // want resource-lifetime/unreleased-reference "`e`" help "Move `bpf_ringbuf_submit(e, 0);` from line 129 to before the `if` in line 127"
	bpf_ringbuf_submit(e, 0);
	return 2;
}

SEC("syscall")
int node_of_an_object(void *ctx)
{
	struct bpf_list_node *n;
	struct entry *e;

	bpf_spin_lock(&lock);
	n = bpf_list_pop_back(&entries);
	bpf_spin_unlock(&lock);
	if (!n)
		return 1;
	e = container_of(n, struct entry, link);
	if (e->weight > heaviest)
		heaviest = e->weight;
	return 0; // want resource-lifetime/unreleased-reference "`n`" help "container_of(n, struct entry, link)" "before this line" never "drop(n" never "inside the"
}

SEC("syscall")
int node_alone(void *ctx)
{
	struct bpf_list_node *n;

	bpf_spin_lock(&lock);
	n = bpf_list_pop_back(&entries);
	bpf_spin_unlock(&lock);
	return n ? 1 : 2; // want resource-lifetime/unreleased-reference "`n`" help "with the object that `n` is a member of" never "drop(n"
}

SEC("syscall")
int unused_result(void *ctx)
{
	__u32 key = 0;
	struct owner *o = bpf_map_lookup_elem(&owners, &key);
	struct task_struct *task;

	if (!o)
		return 0;
	task = bpf_task_from_pid(1);
	if (!task)
		return 0;
	bpf_kptr_xchg(&o->task, task); // note "taken out here"
	return 0; // want resource-lifetime/unreleased-reference "taken out by bpf_kptr_xchg()" help "Keep the result of bpf_kptr_xchg() and, if it is not NULL, pass it to bpf_task_release()" never "bpf_obj_drop"
}

char LICENSE[] SEC("license") = "GPL";
