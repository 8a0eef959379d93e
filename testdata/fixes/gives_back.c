// SPDX-License-Identifier: GPL-2.0-only
// Paths that keep sockets, locks, interrupts and iterators.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct account {
	struct bpf_spin_lock lock;
	__u64 bytes;
	__u64 limit;
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
extern void bpf_local_irq_save(unsigned long *flags) __ksym;
extern void bpf_local_irq_restore(unsigned long *flags) __ksym;

SEC("tc")
int socket_of_another_port(struct __sk_buff *skb)
{
	struct bpf_sock_tuple t = {};
	struct bpf_sock *sk;

	sk = bpf_sk_lookup_udp(skb, &t, sizeof(t.ipv4), BPF_F_CURRENT_NETNS, 0);
	if (!sk)
		return 0;
	if (sk->src_port == 53)
		return 2; // fix release
	bpf_sk_release(sk);
	return 0;
}

SEC("tc")
int socket_at_the_end(struct __sk_buff *skb)
{
	struct bpf_sock_tuple t = {};
	struct bpf_sock *sk;
	int family = 0;

	sk = bpf_sk_lookup_tcp(skb, &t, sizeof(t.ipv6), BPF_F_CURRENT_NETNS, 0);
	if (sk)
		family = sk->family;
	return family == 10; // fix release
}

SEC("xdp")
int socket_in_a_switch(struct xdp_md *ctx)
{
	struct bpf_sock_tuple t = {};
	struct bpf_sock *sk;

	sk = bpf_skc_lookup_tcp(ctx, &t, sizeof(t.ipv4), BPF_F_CURRENT_NETNS, 0);
	if (!sk)
		return XDP_PASS;
	switch (sk->state) {
	case BPF_TCP_LISTEN:
		return XDP_DROP; // fix release
	default:
		break;
	}
	bpf_sk_release(sk);
	return XDP_PASS;
}

SEC("tc")
int socket_before_a_jump(struct __sk_buff *skb)
{
	struct bpf_sock_tuple t = {};
	struct bpf_sock *sk;
	int verdict = 0;

	sk = bpf_sk_lookup_tcp(skb, &t, sizeof(t.ipv4), BPF_F_CURRENT_NETNS, 0);
	if (!sk)
		goto out;
	if (sk->mark == 9) {
		verdict = 2;
		goto out;
	}
	bpf_sk_release(sk);
out:
	return verdict; // fix release
}

SEC("tc")
int lock_over_the_limit(struct __sk_buff *skb)
{
	__u32 key = skb->mark;
	struct account *a = bpf_map_lookup_elem(&accounts, &key);

	if (!a)
		return 0;
	bpf_spin_lock(&a->lock);
	a->bytes += skb->len;
	if (a->bytes > a->limit) {
		a->bytes = 0;
		return 2; // fix release
	}
	bpf_spin_unlock(&a->lock);
	return 0;
}

SEC("tc")
int lock_to_the_end(struct __sk_buff *skb)
{
	__u32 key = skb->mark;
	struct account *a = bpf_map_lookup_elem(&accounts, &key);

	if (!a)
		return 0;
	bpf_spin_lock(&a->lock);
	a->bytes += skb->len;
	return 0; // fix release
}

SEC("tc")
int rcu_in_a_branch(struct __sk_buff *skb)
{
	bpf_rcu_read_lock();
	if (skb->mark == 1) {
		skb->mark = 2;
		return 1; // fix release
	}
	bpf_rcu_read_unlock();
	return 0;
}

SEC("tc")
int rcu_in_a_loop(struct __sk_buff *skb)
{
	int i;

	bpf_rcu_read_lock();
	for (i = 0; i < 4; i++) {
		if (skb->cb[i] == 7)
			return 1; // fix release
	}
	bpf_rcu_read_unlock();
	return 0;
}

SEC("tc")
int interrupts_to_the_end(struct __sk_buff *skb)
{
	unsigned long flags;

	bpf_local_irq_save(&flags);
	skb->mark = 1;
	return 0; // fix release
}

SEC("tc")
int interrupts_in_a_branch(struct __sk_buff *skb)
{
	unsigned long flags;

	bpf_local_irq_save(&flags);
	if (skb->mark == 4) {
		skb->mark = 5;
		return 1; // fix release
	}
	bpf_local_irq_restore(&flags);
	return 0;
}

SEC("tc")
int interrupts_in_a_switch(struct __sk_buff *skb)
{
	unsigned long saved;

	bpf_local_irq_save(&saved);
	switch (skb->mark) {
	case 1:
		return 1; // fix release
	}
	bpf_local_irq_restore(&saved);
	return 0;
}

SEC("tc")
int interrupts_of_two(struct __sk_buff *skb)
{
	unsigned long outer, inner;

	bpf_local_irq_save(&outer);
	bpf_local_irq_save(&inner);
	skb->mark = 3;
	bpf_local_irq_restore(&inner);
	return 0; // fix release
}

SEC("tc")
int iterator_to_the_end(struct __sk_buff *skb)
{
	struct bpf_iter_num it;
	int *i, n = 0;

	bpf_iter_num_new(&it, 0, 8);
	while ((i = bpf_iter_num_next(&it)))
		n++;
	return n; // fix release
}

SEC("tc")
int iterator_before_the_loop(struct __sk_buff *skb)
{
	struct bpf_iter_num it;
	int *i, n = 0;

	if (bpf_iter_num_new(&it, 0, 8))
		return 1; // fix release
	while ((i = bpf_iter_num_next(&it)))
		n++;
	bpf_iter_num_destroy(&it);
	return n;
}

SEC("tc")
int iterator_taken_once(struct __sk_buff *skb)
{
	struct bpf_iter_num it;
	int *first;

	bpf_iter_num_new(&it, 3, 8);
	first = bpf_iter_num_next(&it);
	if (!first)
		return 0; // fix release
	skb->mark = *first;
	bpf_iter_num_destroy(&it);
	return 1;
}

SEC("tc")
int iterator_with_a_limit(struct __sk_buff *skb)
{
	struct bpf_iter_num it;
	int *i, found = 0;

	bpf_iter_num_new(&it, 0, 5);
	while ((i = bpf_iter_num_next(&it))) {
		found += *i;
		if (found > 3) {
			skb->mark = found;
			return 2; // fix release
		}
	}
	bpf_iter_num_destroy(&it);
	return found;
}

char LICENSE[] SEC("license") = "GPL";
