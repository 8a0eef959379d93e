// SPDX-License-Identifier: GPL-2.0-only
// Paths that end without giving back what they hold.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct event {
	__u32 pid;
	__u32 len;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

struct account {
	struct bpf_spin_lock lock;
	__u64 bytes;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, struct account);
} accounts SEC(".maps");

struct bpf_iter_num {
	__u64 opaque[1];
} __attribute__((aligned(8)));

extern int bpf_iter_num_new(struct bpf_iter_num *it, int start, int end) __ksym;
extern int *bpf_iter_num_next(struct bpf_iter_num *it) __ksym;
extern void bpf_iter_num_destroy(struct bpf_iter_num *it) __ksym;
extern void bpf_rcu_read_lock(void) __ksym;
extern void bpf_rcu_read_unlock(void) __ksym;
extern void bpf_preempt_disable(void) __ksym;
extern void bpf_preempt_enable(void) __ksym;
extern void bpf_local_irq_save(unsigned long *flags) __ksym;
extern void bpf_local_irq_restore(unsigned long *flags) __ksym;

SEC("tc")
int early_return(struct __sk_buff *skb)
{
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);

	if (!e)
		return 0;
	if (skb->len < 60)
		return 0; // fix release
	e->len = skb->len;
	bpf_ringbuf_submit(e, 0);
	return 0;
}

SEC("tc")
int one_of_three(struct __sk_buff *skb)
{
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);

	if (!e)
		return 0;
	switch (skb->mark) {
	case 1:
		bpf_ringbuf_discard(e, 0);
		return 1;
	case 2:
		return 2; // fix release
	}
	e->len = skb->len;
	bpf_ringbuf_submit(e, 0);
	return 0;
}

SEC("tc")
int two_returns(struct __sk_buff *skb)
{
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);

	if (!e) return 0;
	if (skb->len < 60) return 0; // fix release
	if (skb->mark == 9) return 9; // fix release later
	e->len = skb->len;
	bpf_ringbuf_submit(e, 0);
	return 0;
}

SEC("tc")
int never_given_back(struct __sk_buff *skb)
{
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);

	if (e)
		e->len = skb->len;
	return 0; // fix release
}

SEC("tc")
int jumps_past_it(struct __sk_buff *skb)
{
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);

	if (!e)
		goto out;
	if (skb->len < 60)
		goto out;
	e->len = skb->len;
	bpf_ringbuf_submit(e, 0);
out:
	return 0; // fix release
}

SEC("tc")
int socket_found(struct __sk_buff *skb)
{
	struct bpf_sock_tuple t = {};
	struct bpf_sock *sk;

	t.ipv4.dport = 80;
	sk = bpf_sk_lookup_tcp(skb, &t, sizeof(t.ipv4), BPF_F_CURRENT_NETNS, 0);
	if (sk && sk->mark == 5)
		return 2; // fix release
	if (sk)
		bpf_sk_release(sk);
	return 0;
}

SEC("tc")
int locked(struct __sk_buff *skb)
{
	__u32 key = skb->mark;
	struct account *a = bpf_map_lookup_elem(&accounts, &key);

	if (!a)
		return 0;
	bpf_spin_lock(&a->lock);
	if (a->bytes > 1000)
		return 2; // fix release
	a->bytes += skb->len;
	bpf_spin_unlock(&a->lock);
	return 0;
}

SEC("tc")
int reading(struct __sk_buff *skb)
{
	bpf_rcu_read_lock();
	if (skb->len > 100)
		return 1; // fix release
	bpf_rcu_read_unlock();
	return 0;
}

SEC("tc")
int not_preempted(struct __sk_buff *skb)
{
	bpf_preempt_disable();
	if (skb->len > 100)
		return 1; // fix release
	bpf_preempt_enable();
	return 0;
}

SEC("tc")
int interrupts_off(struct __sk_buff *skb)
{
	unsigned long flags;

	bpf_local_irq_save(&flags);
	if (skb->len > 100)
		return 1; // fix release
	bpf_local_irq_restore(&flags);
	return 0;
}

SEC("tc")
int iterator_left(struct __sk_buff *skb)
{
	struct bpf_iter_num it;
	int *i, n = 0;

	bpf_iter_num_new(&it, 0, 10);
	while ((i = bpf_iter_num_next(&it))) {
		if (*i == skb->mark)
			return 1; // fix release
		n++;
	}
	bpf_iter_num_destroy(&it);
	return n;
}

SEC("tc")
int dynptr_left(struct __sk_buff *skb)
{
	struct bpf_dynptr record;
	__u32 len = skb->len;

	if (bpf_ringbuf_reserve_dynptr(&events, 8, 0, &record))
		return 0; // fix release
	bpf_dynptr_write(&record, 0, &len, sizeof(len), 0);
	bpf_ringbuf_submit_dynptr(&record, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
