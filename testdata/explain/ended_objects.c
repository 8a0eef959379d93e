// SPDX-License-Identifier: GPL-2.0-only
// Dynptrs, iterators, interrupt flags and locks: where they were made, and where they ended.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct bpf_iter_num {
	__u64 opaque;
} __attribute__((aligned(8)));

extern int bpf_iter_num_new(struct bpf_iter_num *it, int start, int end) __ksym;
extern int *bpf_iter_num_next(struct bpf_iter_num *it) __ksym;
extern void bpf_iter_num_destroy(struct bpf_iter_num *it) __ksym;
extern void bpf_local_irq_save(unsigned long *flags) __ksym;
extern void bpf_local_irq_restore(unsigned long *flags) __ksym;
extern void bpf_rcu_read_lock(void) __ksym;
extern void bpf_rcu_read_unlock(void) __ksym;

struct bpf_res_spin_lock {
	__u32 val;
} __attribute__((aligned(4)));

extern int bpf_res_spin_lock_irqsave(struct bpf_res_spin_lock *lock, unsigned long *flags) __ksym;
extern void bpf_res_spin_unlock_irqrestore(struct bpf_res_spin_lock *lock, unsigned long *flags) __ksym;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} notes SEC(".maps");

__u64 seen;

struct tally {
	struct bpf_spin_lock lock;
	__u32 count;
	__u64 last;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, struct tally);
} tallies SEC(".maps");

struct guarded {
	struct bpf_res_spin_lock lock;
	__u32 count;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, struct guarded);
} guards SEC(".maps");

SEC("tc")
int written_after_submit(struct __sk_buff *skb)
{
	struct bpf_dynptr note;
	__u32 mark = skb->mark;

	if (bpf_ringbuf_reserve_dynptr(&notes, 4, 0, &note)) { // note "`note` is reserved here by bpf_ringbuf_reserve_dynptr()"
		bpf_ringbuf_discard_dynptr(&note, 0);
		return 0;
	}
	bpf_ringbuf_submit_dynptr(&note, 0); // note "`note` was submitted by bpf_ringbuf_submit_dynptr() here"
	bpf_dynptr_write(&note, 0, &mark, 4, 0); // want resource-lifetime/uninitialized-dynptr "`note` given to bpf_dynptr_write() is not a dynptr any more on this path: it was submitted by bpf_ringbuf_submit_dynptr() at line 67" help "Make the call before that" never "never created"
	return 0;
}

static __noinline int put_away(struct bpf_dynptr *d)
{
	bpf_ringbuf_discard_dynptr(d, 0); // note "was discarded by bpf_ringbuf_discard_dynptr()"
	return 0;
}

SEC("tc")
int ended_by_a_function(struct __sk_buff *skb)
{
	struct bpf_dynptr first, second;

	bpf_ringbuf_reserve_dynptr(&notes, 4, 0, &second);
	bpf_ringbuf_reserve_dynptr(&notes, 4, 0, &first);
	put_away(&second);
	bpf_ringbuf_submit_dynptr(&first, 0);
	bpf_ringbuf_submit_dynptr(&second, 0); // want call-type/release-not-owned "`second` given to bpf_ringbuf_submit_dynptr() is not a dynptr any more on this path: it was discarded by bpf_ringbuf_discard_dynptr() at line 74" help "Leave one of the two calls out" never "never created"
	return 0;
}

SEC("tc")
int not_made_yet(struct __sk_buff *skb)
{
	struct bpf_dynptr other, packet;

	bpf_ringbuf_reserve_dynptr(&notes, 4, 0, &other);
	bpf_ringbuf_discard_dynptr(&packet, 0); // want call-type/release-not-owned "`packet` given to bpf_ringbuf_discard_dynptr() is not a dynptr on this path: no call on this path makes it" never "released already" never "`other`"
	bpf_ringbuf_discard_dynptr(&other, 0);
	return 0;
}

SEC("tc")
int nothing_to_submit(struct __sk_buff *skb)
{
	struct bpf_dynptr packet;

	bpf_dynptr_from_mem(&seen, sizeof(seen), 0, &packet); // note "`packet` is made here by bpf_dynptr_from_mem()"
	bpf_ringbuf_submit_dynptr(&packet, 0); // want call-type/release-not-owned "`packet` is the dynptr of bpf_dynptr_from_mem() at line 107, which owns nothing" never "released already"
	return 0;
}

SEC("tc")
int next_after_destroy(struct __sk_buff *skb)
{
	struct bpf_iter_num it;

	bpf_iter_num_new(&it, 0, 10); // note "`it` is started here by bpf_iter_num_new()"
	bpf_iter_num_destroy(&it); // note "`it` was destroyed by bpf_iter_num_destroy() here"
	bpf_iter_num_next(&it); // want resource-lifetime/uninitialized-iterator "`it` given to bpf_iter_num_next() is not running any more on this path: it was destroyed by bpf_iter_num_destroy() at line 118" never "never started"
	return 0;
}

SEC("tc")
int started_twice(struct __sk_buff *skb)
{
	struct bpf_iter_num it;

	bpf_iter_num_new(&it, 0, 10); // note "`it` is started here by bpf_iter_num_new()"
	bpf_iter_num_new(&it, 0, 20); // want resource-lifetime/iterator-already-initialized "`it` that still holds the iterator of bpf_iter_num_new() at line 128" help "Call bpf_iter_num_destroy() first" never "no place for one"
	bpf_iter_num_destroy(&it);
	return 0;
}

SEC("tc")
int wrong_order(struct __sk_buff *skb)
{
	unsigned long outer, middle, inner;

	bpf_local_irq_save(&outer); // note "`outer` saved here by bpf_local_irq_save() (depth 1)"
	bpf_local_irq_save(&middle); // note "`middle` saved here by bpf_local_irq_save() (depth 2)"
	bpf_local_irq_save(&inner);
	bpf_local_irq_restore(&inner);
	bpf_local_irq_restore(&outer); // want resource-lifetime/irq-restore-out-of-order "`outer` is restored here, but `middle` was saved after it at line 140 and has to be restored first" help "Move `bpf_local_irq_restore(&middle);` from line 144 to before this line" never "`inner` saved"
	bpf_local_irq_restore(&middle);
	return 0;
}

SEC("tc")
int other_family(struct __sk_buff *skb)
{
	__u32 key = 0;
	struct guarded *g = bpf_map_lookup_elem(&guards, &key);
	unsigned long outer, flags;

	if (!g)
		return 0;
	bpf_local_irq_save(&outer); // note "`outer` saved here by bpf_local_irq_save() (depth 1)"
	if (bpf_res_spin_lock_irqsave(&g->lock, &flags)) { // note "`flags` saved here by bpf_res_spin_lock_irqsave() (depth 2)"
		bpf_local_irq_restore(&outer);
		return 0;
	}
	g->count++;
	bpf_res_spin_unlock_irqrestore(&g->lock, &outer); // want resource-lifetime/irq-flag-family-mismatch "`outer` was saved by bpf_local_irq_save() at line 157, and bpf_res_spin_unlock_irqrestore() restores only what" help "Restore it with bpf_local_irq_restore()" never "native"
	bpf_local_irq_restore(&flags);
	return 0;
}

SEC("tc")
int restored_twice(struct __sk_buff *skb)
{
	unsigned long flags;

	bpf_local_irq_save(&flags); // note "`flags` is saved here"
	bpf_local_irq_restore(&flags); // note "`flags` was restored by bpf_local_irq_restore() here"
	bpf_local_irq_restore(&flags); // want resource-lifetime/uninitialized-irq-flag "holds no saved interrupt state any more on this path: it was restored by bpf_local_irq_restore() at line 174" help "Leave out the call in this line"
	return 0;
}

SEC("tc")
int unlocked_twice(struct __sk_buff *skb)
{
	__u32 key = 0;
	struct tally *t = bpf_map_lookup_elem(&tallies, &key);

	if (!t)
		return 0;
	bpf_spin_lock(&t->lock);
	t->count++;
	bpf_spin_unlock(&t->lock); // note "`t->lock` is released here by bpf_spin_unlock()"
	t->last = 0;
	bpf_spin_unlock(&t->lock); // want resource-lifetime/unlock-without-lock "no lock is held: the last one was released by bpf_spin_unlock() at line 189"
	return 0;
}

SEC("tc")
int time_under_lock(struct __sk_buff *skb)
{
	__u32 key = 0;
	struct tally *t = bpf_map_lookup_elem(&tallies, &key);

	if (!t)
		return 0;
	bpf_spin_lock(&t->lock); // note "`t->lock` is locked here by bpf_spin_lock()"
	t->last = bpf_ktime_get_ns(); // want execution-context/call-under-lock "bpf_ktime_get_ns() is called while the lock `t->lock`, taken at line 203, is held" help "before the lock is taken" never "hardly any"
	bpf_spin_unlock(&t->lock);
	return 0;
}

SEC("tc")
int two_locks(struct __sk_buff *skb)
{
	__u32 first = 0, second = 1;
	struct tally *from = bpf_map_lookup_elem(&tallies, &first), *to = bpf_map_lookup_elem(&tallies, &second);

	if (!from || !to)
		return 0;
	bpf_spin_lock(&from->lock); // note "`from->lock` is locked here"
	bpf_spin_lock(&to->lock); // want execution-context/call-under-lock "can hold only one bpf_spin_lock at a time, and `from->lock`, taken at line 217, is still held" help "`from` is used under its lock in line 219: do that before this line" never "Insert"
	to->count += from->count;
	bpf_spin_unlock(&to->lock);
	bpf_spin_unlock(&from->lock);
	return 0;
}

SEC("tc")
int rcu_closed_twice(struct __sk_buff *skb)
{
	bpf_rcu_read_lock();
	bpf_rcu_read_unlock(); // note "RCU read section"
	bpf_rcu_read_unlock(); // want execution-context/unmatched-rcu-unlock "the last one was closed by bpf_rcu_read_unlock() at line 229"
	return 0;
}

extern int bpf_dynptr_clone(struct bpf_dynptr *dynptr, struct bpf_dynptr *clone) __ksym;

SEC("tc")
int clone_after_submit(struct __sk_buff *skb)
{
	struct bpf_dynptr whole, copy;
	__u32 mark = skb->mark;

	bpf_ringbuf_reserve_dynptr(&notes, 4, 0, &whole);
	bpf_dynptr_clone(&whole, &copy); // note "`copy` is made here by bpf_dynptr_clone()"
	bpf_ringbuf_submit_dynptr(&whole, 0); // note "`copy` ended when its record was submitted by bpf_ringbuf_submit_dynptr() here"
	bpf_dynptr_write(&copy, 0, &mark, 4, 0); // want resource-lifetime/uninitialized-dynptr "`copy` given to bpf_dynptr_write() is not a dynptr any more on this path: it ended when its record was submitted"
	return 0;
}

SEC("tc")
int another_lock(struct __sk_buff *skb)
{
	__u32 first = 0, second = 1;
	struct tally *from = bpf_map_lookup_elem(&tallies, &first), *to = bpf_map_lookup_elem(&tallies, &second);
	struct bpf_spin_lock *taken, *other;

	if (!from || !to)
		return 0;
	taken = &from->lock;
	other = &to->lock;
	bpf_spin_lock(taken);
	bpf_spin_unlock(other); // want resource-lifetime/unlock-different-lock "not the one that this path holds" never "bpf_spin is"
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
