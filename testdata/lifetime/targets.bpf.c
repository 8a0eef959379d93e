// SPDX-License-Identifier: GPL-2.0-only
// Programs that Linux 6.18 and 7.3 judge differently, or would if a rule were
// forgotten. A program without a comment for a release must be accepted by it.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

struct task_struct {
	struct task_struct *real_parent;
} __attribute__((preserve_access_index));
struct bpf_iter_task {
	__u64 opaque[3];
} __attribute__((aligned(8)));

extern int bpf_dynptr_clone(const struct bpf_dynptr *from, struct bpf_dynptr *to) __ksym;
extern void *bpf_dynptr_slice_rdwr(const struct bpf_dynptr *d, __u32 off, void *buffer, __u32 size) __ksym;
extern int bpf_iter_task_new(struct bpf_iter_task *it, struct task_struct *task, unsigned int flags) __ksym;
extern struct task_struct *bpf_iter_task_next(struct bpf_iter_task *it) __ksym;
extern void bpf_iter_task_destroy(struct bpf_iter_task *it) __ksym;
extern struct task_struct *bpf_task_acquire(struct task_struct *task) __ksym;
extern void bpf_task_release(struct task_struct *task) __ksym;
extern void bpf_rcu_read_lock(void) __ksym;
extern void bpf_rcu_read_unlock(void) __ksym;
extern void bpf_preempt_disable(void) __ksym;
extern void bpf_preempt_enable(void) __ksym;
extern void bpf_local_irq_save(unsigned long *flags) __ksym;
extern void bpf_local_irq_restore(unsigned long *flags) __ksym;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} rb SEC(".maps");

struct locked {
	struct bpf_spin_lock lock;
	__u32 count;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct locked);
} locks SEC(".maps");

__u64 value[4];

// A clone goes on after the other one's memory was used anew.
SEC("tc")
int clone_overwritten(struct __sk_buff *skb)
{
	struct bpf_dynptr d, clone;

	bpf_ringbuf_reserve_dynptr(&rb, 8, 0, &d);
	bpf_dynptr_clone(&d, &clone);
	bpf_dynptr_from_mem(value, 8, 0, &d); // want-6.18 resource-lifetime/dynptr-overwrite "cannot overwrite referenced dynptr"
	bpf_ringbuf_submit_dynptr(&clone, 0);
	return 0;
}

// The last of those that share a record must stay.
SEC("tc")
int all_clones_overwritten(struct __sk_buff *skb)
{
	struct bpf_dynptr d, clone;

	bpf_ringbuf_reserve_dynptr(&rb, 8, 0, &d);
	bpf_dynptr_clone(&d, &clone);
	bpf_dynptr_from_mem(value, 8, 0, &d); // want-6.18 resource-lifetime/dynptr-overwrite "cannot overwrite referenced dynptr"
	bpf_dynptr_from_mem(value, 8, 0, &clone); // want-7.3 resource-lifetime/dynptr-overwrite "cannot overwrite referenced dynptr"
	return 0;
}

// An overwritten clone takes its slices along, but not those of the others.
SEC("tc")
int slice_of_overwritten_clone(struct __sk_buff *skb)
{
	struct bpf_dynptr d, clone;
	__u32 *kept, *lost;

	bpf_ringbuf_reserve_dynptr(&rb, 8, 0, &d);
	bpf_dynptr_clone(&d, &clone);
	kept = bpf_dynptr_data(&clone, 0, 4);
	lost = bpf_dynptr_data(&d, 0, 4);
	bpf_dynptr_from_mem(value, 8, 0, &d); // want-6.18 resource-lifetime/dynptr-overwrite "cannot overwrite referenced dynptr"
	if (kept && lost) {
		*kept = 1;
		*lost = 2; // want-7.3 register-type/scalar-dereference "invalid mem access 'scalar'"
	}
	bpf_ringbuf_submit_dynptr(&clone, 0);
	return 0;
}

// A slice that a kernel function made ends with its record.
SEC("tc")
int slice_after_submit(struct __sk_buff *skb)
{
	struct bpf_dynptr d;
	__u32 buffer, *slice;

	bpf_ringbuf_reserve_dynptr(&rb, 8, 0, &d);
	slice = bpf_dynptr_slice_rdwr(&d, 0, &buffer, sizeof(buffer));
	bpf_ringbuf_submit_dynptr(&d, 0);
	if (slice)
		*slice = 1; // want-7.3 register-type/scalar-dereference "invalid mem access 'scalar'"
	return 0;
}

static __noinline int submit_clone(struct bpf_dynptr *of)
{
	struct bpf_dynptr clone;

	bpf_dynptr_clone(of, &clone);
	bpf_ringbuf_submit_dynptr(&clone, 0);
	return 0;
}

// A record submitted by a function that was called is gone for the caller too.
SEC("tc")
int clone_submitted_by_callee(struct __sk_buff *skb)
{
	struct bpf_dynptr d;
	__u32 one = 1;

	bpf_ringbuf_reserve_dynptr(&rb, 8, 0, &d);
	submit_clone(&d);
	bpf_dynptr_write(&d, 0, &one, sizeof(one), 0); // want-7.3 resource-lifetime/uninitialized-dynptr "Expected an initialized dynptr as R1"
	return 0;
}

// No helper but the unlocking one may be called under a lock, and that rule
// comes before the one about a second lock.
SEC("tc")
int two_spin_locks(struct __sk_buff *skb)
{
	struct locked *a = bpf_map_lookup_elem(&locks, &(__u32){ 0 });
	struct locked *b = bpf_map_lookup_elem(&locks, &(__u32){ 0 });

	if (!a || !b)
		return 0;
	bpf_spin_lock(&a->lock);
	bpf_spin_lock(&b->lock); // want-6.18 execution-context/call-under-lock "function calls are not allowed while holding a lock" // want-7.3 execution-context/call-under-lock "function calls are not allowed while holding a lock"
	bpf_spin_unlock(&b->lock);
	bpf_spin_unlock(&a->lock);
	return 0;
}

SEC("tc")
int two_owned_arguments(struct __sk_buff *skb)
{
	struct bpf_sock_tuple tuple = {};
	struct bpf_sock *sk;
	void *headers;

	sk = bpf_sk_lookup_tcp(skb, &tuple, sizeof(tuple.ipv4), BPF_F_CURRENT_NETNS, 0);
	if (!sk)
		return 0;
	headers = bpf_ringbuf_reserve(&rb, 40, 0);
	if (headers) {
		bpf_tcp_check_syncookie(sk, headers, 20, headers + 20, 20); // want-6.18 call-type/multiple-references "more than one arg with ref_obj_id R2"
		bpf_ringbuf_discard(headers, 0);
	}
	bpf_sk_release(sk);
	return 0;
}

SEC("tc")
int release_not_owned(struct __sk_buff *skb)
{
	struct bpf_sock *sk = skb->sk;

	if (!sk)
		return 0;
	sk = bpf_sk_fullsock(sk);
	if (sk)
		bpf_sk_release(sk); // want-6.18 call-type/release-not-owned "R1 must be referenced when passed to release function" // want-7.3 call-type/release-not-owned "release helper bpf_sk_release expects referenced PTR_TO_BTF_ID passed to R1"
	return 0;
}

SEC("syscall")
int release_not_owned_task(void *ctx)
{
	bpf_task_release(bpf_get_current_task_btf()); // want-6.18 call-type/release-not-owned "release kernel function bpf_task_release expects refcounted PTR_TO_BTF_ID" // want-7.3 call-type/release-not-owned "release kfunc bpf_task_release expects referenced PTR_TO_BTF_ID passed to R1"
	return 0;
}

SEC("syscall")
int rcu_in_rcu(void *ctx)
{
	bpf_rcu_read_lock();
	bpf_rcu_read_lock(); // want-6.18 execution-context/nested-rcu-lock "nested rcu read lock"
	bpf_rcu_read_unlock();
	bpf_rcu_read_unlock();
	return 0;
}

SEC("syscall")
int rcu_in_rcu_left_open(void *ctx)
{
	bpf_rcu_read_lock();
	bpf_rcu_read_lock(); // want-6.18 execution-context/nested-rcu-lock "nested rcu read lock"
	bpf_rcu_read_unlock();
	return 0; // want-7.3 execution-context/rcu-held-at-exit "BPF_EXIT instruction in main prog cannot be used inside bpf_rcu_read_lock-ed region"
}

// The section ends between two uses of the iterator.
SEC("syscall")
int iterator_after_rcu(void *ctx)
{
	struct bpf_iter_task it;

	bpf_rcu_read_lock();
	bpf_iter_task_new(&it, NULL, 0);
	bpf_rcu_read_unlock();
	bpf_iter_task_next(&it); // want-6.18 execution-context/rcu-required "expected an RCU CS when using bpf_iter_task_next" // want-7.3 execution-context/rcu-required "expected an RCU CS when using bpf_iter_task_next"
	bpf_iter_task_destroy(&it);
	return 0;
}

// What is not preempted is not overtaken by RCU either.
SEC("syscall")
int iterator_without_preemption(void *ctx)
{
	struct bpf_iter_task it;

	bpf_preempt_disable();
	bpf_iter_task_new(&it, NULL, 0); // want-6.18 execution-context/rcu-required "kernel func bpf_iter_task_new requires RCU critical section protection"
	while (bpf_iter_task_next(&it))
		;
	bpf_iter_task_destroy(&it);
	bpf_preempt_enable();
	return 0;
}

SEC("syscall")
int iterator_after_irqs(void *ctx)
{
	struct bpf_iter_task it;
	unsigned long flags;

	bpf_local_irq_save(&flags);
	bpf_iter_task_new(&it, NULL, 0); // want-6.18 execution-context/rcu-required "kernel func bpf_iter_task_new requires RCU critical section protection"
	bpf_local_irq_restore(&flags);
	bpf_iter_task_next(&it); // want-7.3 execution-context/rcu-required "expected an RCU CS when using bpf_iter_task_next"
	bpf_iter_task_destroy(&it);
	return 0;
}

// The last region of those that protect the iterator ends.
SEC("syscall")
int iterator_between_regions(void *ctx)
{
	struct bpf_iter_task it;

	bpf_rcu_read_lock();
	bpf_preempt_disable();
	bpf_iter_task_new(&it, NULL, 0);
	bpf_rcu_read_unlock();
	bpf_iter_task_next(&it); // want-6.18 execution-context/rcu-required "expected an RCU CS when using bpf_iter_task_next"
	bpf_preempt_enable();
	bpf_iter_task_next(&it); // want-7.3 execution-context/rcu-required "expected an RCU CS when using bpf_iter_task_next"
	bpf_iter_task_destroy(&it);
	return 0;
}

// A lock protects what was read under it, and no longer than it is held.
SEC("syscall")
int parent_after_lock(void *ctx)
{
	struct task_struct *task = bpf_get_current_task_btf(), *parent;
	struct locked *l = bpf_map_lookup_elem(&locks, &(__u32){ 0 });

	if (!l)
		return 0;
	bpf_spin_lock(&l->lock);
	parent = task->real_parent;
	l->count++;
	bpf_spin_unlock(&l->lock);
	parent = bpf_task_acquire(parent); // want-7.3 call-type/rcu-argument "R1 must be a rcu pointer"
	if (parent)
		bpf_task_release(parent);
	return 0;
}

// A program that cannot sleep is protected by RCU from end to end.
SEC("tc")
int parent_after_rcu(struct __sk_buff *skb)
{
	struct task_struct *task = bpf_get_current_task_btf(), *parent;

	bpf_rcu_read_lock();
	parent = task->real_parent;
	bpf_rcu_read_unlock();
	parent = bpf_task_acquire(parent); // want-6.18 call-type/rcu-argument "R1 must be a rcu pointer"
	if (parent)
		bpf_task_release(parent);
	return 0;
}
