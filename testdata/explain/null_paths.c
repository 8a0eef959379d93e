// SPDX-License-Identifier: GPL-2.0-only
// A path that found a pointer NULL comes to a use of it by a jump, or gives it back.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct task_struct {
	int pid;
};
struct task_struct *bpf_task_from_pid(int pid) __ksym;
void bpf_task_release(struct task_struct *task) __ksym;

struct counts {
	__u64 seen, missed;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, struct counts);
} per_mark SEC(".maps");

SEC("tc")
int in_a_loop(struct __sk_buff *skb)
{
	struct counts *c = 0;
	__u32 i, key = skb->mark;

	for (i = 0; i < 4; i++) {
		c = bpf_map_lookup_elem(&per_mark, &key);
		if (!c) {
			key = 0;
			break;
		}
		key = c->seen;
	}
	__sync_fetch_and_add(&c->missed, 1); // want register-type/scalar-dereference "`c` is NULL on this path: `!c` at line 31 is true" help "`break` in line 33 leads here, where `c` is NULL: write `if (c) __sync_fetch_and_add(&c->missed, 1);` in line 37" never "with a `return`" "return there"
	return 0;
}

SEC("tc")
int declares(struct __sk_buff *skb)
{
	__u32 key = skb->mark;
	struct counts *c = bpf_map_lookup_elem(&per_mark, &key);
	__u64 n;

	if (!c) {
		key++;
		goto sum;
	}
	c->missed = 0;
sum:
	n = c->seen; // want register-type/scalar-dereference "`c` is NULL on this path" help "`goto sum` in line 50 leads here, where `c` is NULL: make what needs it the body of an `if (c)`"
	return n > 100;
}

SEC("syscall")
int both_branches(void *ctx)
{
	struct task_struct *task = bpf_task_from_pid(1); // note "`task` comes from bpf_task_from_pid() here"
	int found = 0;

	if (task) {
		found = 1;
		bpf_task_release(task);
	} else {
		found = -1;
		bpf_task_release(task); // want call-type/nullable-argument "`task` of bpf_task_release() is NULL on this path: `task` at line 64 is false" help "Leave the call out: where `task` is NULL there is nothing to give back." never "Compare the pointer with NULL" never "may be NULL"
	}
	return found;
}

SEC("syscall")
int after_a_jump(void *ctx)
{
	struct task_struct *task = bpf_task_from_pid(1), *other;

	if (!task)
		return 0;
	other = bpf_task_from_pid(2);
	if (!other)
		goto put;
	bpf_task_release(task);
	task = other;
put:
	bpf_task_release(task);
	return 0;
}

char _license[] SEC("license") = "GPL";
