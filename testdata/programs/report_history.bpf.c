// SPDX-License-Identifier: GPL-2.0-only
// Rejected, each after another history: what is recorded on the way to the
// fault, and what the reports make of it, is in diag/testdata.
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

// As in newer headers than some machines have.
struct bpf_list_head {
	__u64 opaque[2];
} __attribute__((aligned(8)));

struct bpf_list_node {
	__u64 opaque[3];
} __attribute__((aligned(8)));

#define private(name) SEC(".bss." #name) __attribute__((aligned(8)))

struct node {
	struct bpf_list_node link;
	long value;
};

private(list) struct bpf_spin_lock lock;
private(list) struct bpf_list_head head __attribute__((btf_decl_tag("contains:node:link")));

struct task_struct {
	int pid;
} __attribute__((preserve_access_index));

extern void *bpf_obj_new_impl(__u64 type, void *meta) __ksym;
extern void bpf_obj_drop_impl(void *object, void *meta) __ksym;
extern int bpf_list_push_front_impl(struct bpf_list_head *head, struct bpf_list_node *node, void *meta, __u64 off) __ksym;
extern void bpf_preempt_disable(void) __ksym;
extern void bpf_preempt_enable(void) __ksym;
extern struct task_struct *bpf_task_from_pid(int pid) __ksym;
extern void bpf_task_release(struct task_struct *task) __ksym;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, __u64[8]);
} rows SEC(".maps");

static __attribute__((noinline)) __u64 sum_of(__u64 *row, __u32 from)
{
	return row[0] + from; // want register-type/nullable-dereference "invalid mem access 'map_value_or_null'"
}

static __attribute__((noinline)) __u64 sum_twice(__u64 *row, __u32 from)
{
	return sum_of(row, from) + 1;
}

SEC("tc")
int through_two_functions(struct __sk_buff *skb)
{
	__u32 key = skb->mark;
	__u64 safe[8] = {};
	__u64 *row = bpf_map_lookup_elem(&rows, &key);

	if (sum_twice(safe, 1) > 3)
		return TC_ACT_SHOT;
	return sum_twice(row, 2);
}

struct counters {
	__u64 *row;
	__u32 rounds;
};

static long count(__u32 index, void *ctx)
{
	struct counters *counters = ctx;

	counters->rounds++;
	counters->row[0] += index; // want register-type/nullable-dereference "invalid mem access 'map_value_or_null'"
	return 0;
}

SEC("tc")
int in_callback(struct __sk_buff *skb)
{
	__u32 key = skb->mark;
	struct counters counters = { .row = bpf_map_lookup_elem(&rows, &key) };

	bpf_loop(8, count, &counters, 0);
	return counters.rounds;
}

SEC("tc")
int given_away(struct __sk_buff *skb)
{
	struct node *n = bpf_obj_new_impl(bpf_core_type_id_local(struct node), NULL);

	if (!n)
		return TC_ACT_OK;
	bpf_spin_lock(&lock);
	bpf_list_push_front_impl(&head, &n->link, NULL, 0);
	n->value = 1;
	bpf_spin_unlock(&lock);
	n->value = 2; // want register-type/scalar-dereference "invalid mem access 'scalar'"
	return TC_ACT_OK;
}

SEC("tc")
int dropped_twice(struct __sk_buff *skb)
{
	struct node *n = bpf_obj_new_impl(bpf_core_type_id_local(struct node), NULL);

	if (!n)
		return TC_ACT_OK;
	bpf_spin_lock(&lock);
	bpf_list_push_front_impl(&head, &n->link, NULL, 0);
	bpf_spin_unlock(&lock);
	bpf_obj_drop_impl(n, NULL); // want call-type/drop-not-owned "must be referenced or trusted"
	return TC_ACT_OK;
}

SEC("tc")
int index_bounded_too_late(struct __sk_buff *skb)
{
	__u32 key = skb->mark;
	__u64 *row = bpf_map_lookup_elem(&rows, &key);
	__u32 i = skb->priority;

	if (!row)
		return TC_ACT_OK;
	if (i > 63)
		return TC_ACT_OK;
	return row[i]; // want memory/out-of-bounds "invalid access to map value"
}

SEC("tc")
int preemption_off(struct __sk_buff *skb)
{
	bpf_preempt_disable();
	if (skb->mark == 1) {
		bpf_preempt_disable();
		bpf_preempt_enable();
	}
	if (skb->len > 100)
		return TC_ACT_SHOT; // want execution-context/preempt-disabled-at-exit "bpf_preempt_disable-ed region"
	bpf_preempt_enable();
	return TC_ACT_OK;
}

SEC("tc")
int leak_after_rounds(struct __sk_buff *skb)
{
	struct task_struct *first = bpf_task_from_pid(1);
	struct task_struct *second;
	int i;

	if (!first)
		return TC_ACT_OK;
	second = bpf_task_from_pid(2);
	if (!second) {
		bpf_task_release(first);
		return TC_ACT_OK;
	}
	for (i = 0; i < 20; i++) {
		__asm__ volatile("" : "+r"(i));
		if (bpf_get_prandom_u32() == skb->mark)
			break;
	}
	bpf_task_release(second);
	return TC_ACT_OK; // want resource-lifetime/unreleased-reference "Unreleased reference"
}

SEC("tc")
int leak_beside_null(struct __sk_buff *skb)
{
	struct task_struct *first = bpf_task_from_pid(1);
	struct task_struct *second;

	if (!first)
		return TC_ACT_OK;
	second = bpf_task_from_pid(2);
	if (!second)
		return TC_ACT_SHOT; // want resource-lifetime/unreleased-reference "Unreleased reference"
	bpf_task_release(second);
	bpf_task_release(first);
	return TC_ACT_OK;
}

static long add(__u32 index, void *total)
{
	*(__u64 *)total += index; // want register-type/scalar-dereference "invalid mem access 'scalar'"
	return 0;
}

SEC("tc")
int nothing_to_add_to(struct __sk_buff *skb)
{
	bpf_loop(8, add, NULL, 0);
	return TC_ACT_OK;
}

struct guarded {
	struct bpf_spin_lock lock;
	int count;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, struct guarded);
} guarded SEC(".maps");

SEC("tc")
int other_lock(struct __sk_buff *skb)
{
	__u32 key = skb->mark;
	struct guarded *one = bpf_map_lookup_elem(&guarded, &key);
	struct guarded *two;

	if (!one)
		return TC_ACT_OK;
	key++;
	two = bpf_map_lookup_elem(&guarded, &key);
	if (!two)
		return TC_ACT_OK;
	bpf_spin_lock(&one->lock);
	one->count++;
	bpf_spin_unlock(&two->lock); // want resource-lifetime/unlock-different-lock "bpf_spin_unlock of different lock"
	return TC_ACT_OK;
}

SEC("cgroup_skb/ingress")
int verdict_masked(struct __sk_buff *skb)
{
	int verdict = skb->mark & 7;

	if (skb->len > 100)
		return 1;
	return verdict; // want call-type/return-value "should have been in [0, 1]"
}

char LICENSE[] SEC("license") = "GPL";
