// SPDX-License-Identifier: GPL-2.0-only
// Where a suggested statement goes: bodies without braces, loops that can be left, failed reservations, a lock that is
// released later, and a pointer that was NULL from the start.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

extern int bpf_dynptr_adjust(const struct bpf_dynptr *p, __u32 start, __u32 end) __ksym;

struct bpf_iter_num {
	__u64 opaque[1];
};

extern int bpf_iter_num_new(struct bpf_iter_num *it, int start, int end) __ksym;
extern int *bpf_iter_num_next(struct bpf_iter_num *it) __ksym;
extern void bpf_iter_num_destroy(struct bpf_iter_num *it) __ksym;

struct purse {
	struct bpf_spin_lock lock;
	__u64 coins;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, struct purse);
} purses SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} logs SEC(".maps");

__u64 seen;

SEC("tc")
int release_in_an_else(struct __sk_buff *skb)
{
	struct bpf_sock_tuple t = {};
	struct bpf_sock *sk = bpf_skc_lookup_tcp(skb, &t, sizeof(t.ipv4), BPF_F_CURRENT_NETNS, 0);

	if (!sk)
		return 0;
	if (skb->mark == 3)
		seen++;
	else
		return 2; // want resource-lifetime/unreleased-reference "`sk`" help "Call `bpf_sk_release(sk);` before this line, with braces around both: `{ bpf_sk_release(sk); return 2; }`"
	bpf_sk_release(sk);
	return 0;
}

SEC("tc")
int check_in_a_body(struct __sk_buff *skb)
{
	__u32 key = skb->mark;
	struct purse *p = bpf_map_lookup_elem(&purses, &key);

	if (skb->priority == 1)
		p->coins += 1; // want register-type/nullable-dereference "`p`" help "Insert `if (!p) return 0;` before this line, with braces around both: `{ if (!p) return 0; p->coins += 1; }`"
	return 0;
}

SEC("tc")
int check_in_a_block(struct __sk_buff *skb)
{
	__u32 key = skb->mark;
	struct purse *p = bpf_map_lookup_elem(&purses, &key);

	if (skb->priority == 1) {
		p->coins += 1; // want register-type/nullable-dereference "`p`" help "Insert `if (!p) return 0;` before this line." never "braces"
	}
	return 0;
}

SEC("raw_tp/sys_enter")
int leaves_an_iterator(void *ctx)
{
	struct bpf_iter_num rounds;
	int *n;

	bpf_iter_num_new(&rounds, 0, 20);
	for (n = bpf_iter_num_next(&rounds); n; n = bpf_iter_num_next(&rounds)) {
		seen += *n;
		if (seen > 100) {
			return 0; // want resource-lifetime/unreleased-reference "`rounds`, started by bpf_iter_num_new()" help "Call `bpf_iter_num_destroy(&rounds);` before this line, or write `break;` in place of `return 0;`, which leads to that call in line 89" never "braces"
		}
	}
	bpf_iter_num_destroy(&rounds);
	return 0;
}

SEC("tp/syscalls/sys_enter_openat")
int failed_reservation(__u64 *ctx)
{
	struct bpf_dynptr entry;
	int err = bpf_ringbuf_reserve_dynptr(&logs, 128, 0, &entry); // note "`entry` is passed to bpf_ringbuf_reserve_dynptr() here"

	if (err < 0) {
		seen++;
		return 0; // want resource-lifetime/unreleased-reference "bpf_ringbuf_reserve_dynptr() at line 97 failed on this path, but `entry` has to be passed to bpf_ringbuf_discard_dynptr() or bpf_ringbuf_submit_dynptr() even then" help "Call `bpf_ringbuf_discard_dynptr(&entry, 0);` before this line." never "still owned" "is reserved"
	}
	bpf_ringbuf_submit_dynptr(&entry, 0);
	return 0;
}

SEC("tp/syscalls/sys_enter_openat")
int reservation_not_tested(__u64 *ctx)
{
	struct bpf_dynptr entry;

	bpf_ringbuf_reserve_dynptr(&logs, 128, 0, &entry);
	if (ctx[2] == 5)
		return 0; // want resource-lifetime/unreleased-reference "`entry`, reserved by bpf_ringbuf_reserve_dynptr() at line 112, is still owned" never "failed"
	bpf_ringbuf_submit_dynptr(&entry, 0);
	return 0;
}

SEC("tp/syscalls/sys_enter_openat")
int goes_on_after_a_discard(__u64 *ctx)
{
	struct bpf_dynptr entry;
	__u32 kind = ctx[2];

	bpf_ringbuf_reserve_dynptr(&logs, 64, 0, &entry);
	if (kind > 3)
		bpf_ringbuf_discard_dynptr(&entry, 0);
	bpf_dynptr_write(&entry, 0, &kind, sizeof(kind), 0); // want resource-lifetime/uninitialized-dynptr "it was discarded by bpf_ringbuf_discard_dynptr() at line 127" help "End the `if` in line 126 with a `return`: `{ bpf_ringbuf_discard_dynptr(&entry, 0); return 0; }`." never "make the dynptr again"
	bpf_ringbuf_submit_dynptr(&entry, 0);
	return 0;
}

SEC("tc")
int lock_of_another(struct __sk_buff *skb)
{
	__u32 mine = 1, yours = 2;
	struct purse *a = bpf_map_lookup_elem(&purses, &mine), *b = bpf_map_lookup_elem(&purses, &yours);

	if (!a || !b)
		return 0;
	bpf_spin_lock(&b->lock); // note "`b->lock` is locked here by bpf_spin_lock()"
	b->coins--;
	bpf_spin_lock(&a->lock); // want execution-context/call-under-lock "`b->lock`" help "Insert `bpf_spin_unlock(&b->lock);` before this line, and leave out the one in line 146."
	a->coins++;
	bpf_spin_unlock(&a->lock);
	bpf_spin_unlock(&b->lock);
	return 0;
}

SEC("tp/syscalls/sys_enter_openat")
int jumps_to_the_end(__u64 *ctx)
{
	__u64 *entry = NULL; // note "`entry` is set to NULL here"

	if (ctx[2] == 7)
		goto done; // note "the path jumps from here"
	entry = bpf_ringbuf_reserve(&logs, sizeof(*entry), 0);
	if (!entry)
		return 0;
	*entry = ctx[3];
done:
	bpf_ringbuf_discard(entry, 0); // want call-type/wrong-argument-kind "`entry` of bpf_ringbuf_discard() is NULL on this path: it is set to NULL in line 153, the `goto done` in line 156 leads past what gives it another value" help "`if (entry) bpf_ringbuf_discard(entry, 0);`" never "found it NULL" "it is 0 here"
	return 0;
}

SEC("tc")
int release_in_a_loop(struct __sk_buff *skb)
{
	struct bpf_sock_tuple t = {};
	struct bpf_sock *sk = bpf_skc_lookup_tcp(skb, &t, sizeof(t.ipv4), BPF_F_CURRENT_NETNS, 0);

	if (!sk)
		return 0;
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wmisleading-indentation"
	if (skb->mark == 3)
		bpf_sk_release(sk);
		return 0; // want resource-lifetime/unreleased-reference "`sk`" help "The `return` in line 178 is not part of the `if` in line 176, which has no braces. If it should be, write `{ bpf_sk_release(sk); return 0; }`." never "`else`"
#pragma clang diagnostic pop
	bpf_sk_release(sk);
	return 1;
}

SEC("tc")
int leaves_with_a_lock(struct __sk_buff *skb)
{
	__u32 key = skb->mark;
	struct purse *p = bpf_map_lookup_elem(&purses, &key);

	if (!p)
		return 0;
	bpf_spin_lock(&p->lock);
	if (p->coins > 5)
		return 2; // want execution-context/lock-held-at-exit "`p->lock`" help "Insert `bpf_spin_unlock(&p->lock);` before this line, with braces around both: `{ bpf_spin_unlock(&p->lock); return 2; }`."
	p->coins++;
	bpf_spin_unlock(&p->lock);
	return 0;
}

struct task_struct {
	int pid;
} __attribute__((preserve_access_index));

extern struct task_struct *bpf_task_from_pid(int pid) __ksym;
extern void bpf_task_release(struct task_struct *p) __ksym;

SEC("tp_btf/sched_switch")
int BPF_PROG(jumps_over_the_release, _Bool preempt, struct task_struct *prev)
{
	struct task_struct *t = bpf_task_from_pid(7);

	if (!t)
		return 0;
	if (prev->pid == 3) {
		seen++;
		goto out;
	} else if (prev->pid == 4)
		goto out;
	bpf_task_release(t);
out:
	return 0; // want resource-lifetime/unreleased-reference "`t`, looked up by bpf_task_from_pid()" never "gets another value"
}

SEC("tp_btf/sched_switch")
int BPF_PROG(assigns_the_same_name, _Bool preempt, struct task_struct *prev)
{
	struct task_struct *t;

	t = prev;
	seen += t->pid;
	return 0;
}

SEC("tc")
int record_may_be_missing(struct __sk_buff *skb)
{
	__u64 *entry = bpf_ringbuf_reserve(&logs, sizeof(*entry), 0);

	*entry = skb->len; // want register-type/nullable-dereference "`entry`" help "Insert `if (!entry) return 0;` before this line." never "discard"
	bpf_ringbuf_submit(entry, 0);
	return 0;
}

SEC("tc")
int two_may_be_missing(struct __sk_buff *skb)
{
	__u64 *one = bpf_ringbuf_reserve(&logs, sizeof(*one), 0);
	__u64 *two = bpf_ringbuf_reserve(&logs, sizeof(*two), 0);

	*two = skb->len; // want register-type/nullable-dereference "`two`" help "Insert `if (!two) { if (one) bpf_ringbuf_discard(one, 0); return 0; }` before this line."
	if (one)
		bpf_ringbuf_submit(one, 0);
	bpf_ringbuf_submit(two, 0);
	return 0;
}

SEC("tc")
int character_decides(struct __sk_buff *skb)
{
	__u64 *entry = bpf_ringbuf_reserve(&logs, sizeof(*entry), 0);
	char first = 0;

	if (!entry)
		return 0;
	bpf_skb_load_bytes(skb, 0, &first, 1);
	if (first == 'x') { // note "condition true: `first == 'x'`"
		seen++;
		return 0; // want resource-lifetime/unreleased-reference "`entry`" help "Call `bpf_ringbuf_discard(entry, 0);` before this line."
	}
	bpf_ringbuf_submit(entry, 0);
	return 0;
}

SEC("raw_tp/sys_enter")
int leaves_with_another_value(void *ctx)
{
	struct bpf_iter_num rounds;
	int *n;

	bpf_iter_num_new(&rounds, 0, 20);
	for (n = bpf_iter_num_next(&rounds); n; n = bpf_iter_num_next(&rounds)) {
		seen += *n;
		if (seen > 100)
			return 1; // want resource-lifetime/unreleased-reference "`rounds`, started by bpf_iter_num_new()" help "bpf_iter_num_destroy(&rounds); return 1; }`" never "`break;`"
	}
	bpf_iter_num_destroy(&rounds);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
