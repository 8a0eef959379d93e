// SPDX-License-Identifier: GPL-2.0-only
// What is acquired and not given back, beside other faults.
#include "several.h"

struct event {
	__u64 time;
	__u32 pid;
	char comm[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

struct guarded {
	struct bpf_spin_lock lock;
	__u64 total;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, struct guarded);
} shared SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, __u64);
} seen SEC(".maps");

__u64 sums[16];

void bpf_rcu_read_lock(void) __ksym;
void bpf_rcu_read_unlock(void) __ksym;
void bpf_preempt_disable(void) __ksym;
void bpf_preempt_enable(void) __ksym;

SEC("tp/sched/sched_switch")
int leak_on_two_ways(void *ctx)
{
	__u32 key = bpf_get_smp_processor_id();
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
	__u64 *n;

	if (!e)
		return 0;
	e->pid = bpf_get_current_pid_tgid() >> 32;
	if (e->pid == 1) {
		sums[1] = 1;
		MEND(bpf_ringbuf_discard(e, 0);)
		return 0; // first resource-lifetime/unreleased-reference
	}
	n = bpf_map_lookup_elem(&seen, &key);
	if (!n) {
		sums[2] = 1;
		return 0; // beyond resource-lifetime/unreleased-reference
	}
	*n += 1;
	bpf_ringbuf_submit(e, 0);
	return 0;
}

SEC("tp/sched/sched_switch")
int unchecked_and_leaked(void *ctx)
{
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);

	MEND(if (!e) return 0;)
	e->time = bpf_ktime_get_ns(); // first register-type/nullable-dereference
	if (e->time & 1)
		return 0; // beyond resource-lifetime/unreleased-reference
	bpf_ringbuf_submit(e, 0);
	return 0;
}

SEC("tp/sched/sched_switch")
int leaked_after_lookup(void *ctx)
{
	__u32 key = 3;
	__u64 *n = bpf_map_lookup_elem(&seen, &key);
	struct event *e;

	MEND(if (!n) return 0;)
	*n += 1; // first register-type/nullable-dereference
	e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
	if (!e)
		return 0;
	e->time = 1;
	return 0; // beyond resource-lifetime/unreleased-reference
}

SEC("tp/sched/sched_switch")
int record_too_small(void *ctx)
{
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
	__u32 key = 4;
	__u64 *n;

	if (!e)
		return 0;
	bpf_get_current_comm(e->comm, PICK(24, 16)); // first call-type/memory-length-range
	bpf_ringbuf_submit(e, 0);
	n = bpf_map_lookup_elem(&seen, &key);
	*n = 2; // beyond register-type/nullable-dereference
	return 0;
}

SEC("tc")
int socket_and_index(struct __sk_buff *skb)
{
	struct bpf_sock_tuple tuple = {};
	__u32 at = skb->mark;
	struct bpf_sock *sk;

	MEND(at &= 15;)
	sums[at] = 1; // first memory/unbounded-offset
	tuple.ipv4.dport = bpf_htons(22);
	sk = bpf_sk_lookup_tcp(skb, &tuple, sizeof(tuple.ipv4), BPF_F_CURRENT_NETNS, 0);
	if (!sk)
		return 0;
	return sk->state == 1; // beyond resource-lifetime/unreleased-reference
}

SEC("tc")
int socket_not_checked(struct __sk_buff *skb)
{
	struct bpf_sock_tuple tuple = {};
	struct bpf_sock *sk;
	__u32 key = skb->ifindex;
	__u64 *n;

	tuple.ipv4.dport = bpf_htons(80);
	sk = bpf_sk_lookup_udp(skb, &tuple, sizeof(tuple.ipv4), BPF_F_CURRENT_NETNS, 0);
	MEND(if (!sk) return 0;)
	bpf_sk_release(sk); // first call-type/nullable-argument
	n = bpf_map_lookup_elem(&seen, &key);
	*n = 2; // beyond register-type/nullable-dereference
	return 0;
}

SEC("tc")
int lock_left_held(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex, other = skb->mark;
	struct guarded *g = bpf_map_lookup_elem(&shared, &key);
	__u64 *n = bpf_map_lookup_elem(&seen, &other);

	if (!g)
		return 0;
	MEND(if (!n) return 0;)
	*n = 1; // first register-type/nullable-dereference
	bpf_spin_lock(&g->lock);
	g->total++;
	if (g->total > 100) {
		g->total = 0;
		return 0; // beyond execution-context/lock-held-at-exit
	}
	bpf_spin_unlock(&g->lock);
	return 0;
}

SEC("tp/sched/sched_switch")
int rcu_left_open(void *ctx)
{
	__u32 key = bpf_get_smp_processor_id();
	__u64 *n = bpf_map_lookup_elem(&seen, &key);

	MEND(if (!n) return 0;)
	*n += 3; // first register-type/nullable-dereference
	bpf_rcu_read_lock();
	if (bpf_get_prandom_u32() & 1)
		return 0; // beyond execution-context/rcu-held-at-exit
	bpf_rcu_read_unlock();
	return 0;
}

SEC("tp/sched/sched_switch")
int two_kinds_left(void *ctx)
{
	__u32 key = bpf_get_smp_processor_id();
	__u64 *n = bpf_map_lookup_elem(&seen, &key);
	struct event *e;

	if (!n)
		return 0;
	bpf_preempt_disable();
	*n += 3;
	if (*n == 9) {
		*n = 0;
		MEND(bpf_preempt_enable();)
		return 0; // first execution-context/preempt-disabled-at-exit
	}
	bpf_preempt_enable();
	e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
	if (!e)
		return 0;
	e->pid = *n;
	return 0; // beyond resource-lifetime/unreleased-reference
}

SEC("tp/sched/sched_switch")
int two_records(void *ctx)
{
	struct event *a = bpf_ringbuf_reserve(&events, sizeof(*a), 0), *b;

	if (!a)
		return 0;
	if (bpf_get_smp_processor_id() == 1) {
		sums[2] = bpf_ktime_get_ns();
		MEND(bpf_ringbuf_discard(a, 0);)
		return 0; // first resource-lifetime/unreleased-reference
	}
	bpf_ringbuf_submit(a, 0);
	b = bpf_ringbuf_reserve(&events, sizeof(*b), 0);
	if (!b)
		return 0;
	b->pid = 2;
	return 0; // beyond resource-lifetime/unreleased-reference
}
