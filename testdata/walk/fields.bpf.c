// SPDX-License-Identifier: GPL-2.0-only
// The fields of a tracked connection that a program may set.
#include "walk.h"

#define CORE __attribute__((preserve_access_index))
struct nf_conn {
	unsigned long status;
	__u32 mark;
} CORE;
struct nf_conn___init {
	struct nf_conn ct;
} CORE;
struct bpf_ct_opts___old {
	int netns_id;
	int error;
	__u8 l4proto;
	__u8 dir;
	__u8 reserved[2];
};
struct task_struct {
	int pid;
} CORE;

extern struct nf_conn *bpf_skb_ct_lookup(struct __sk_buff *skb_ctx, struct bpf_sock_tuple *bpf_tuple, __u32 tuple__sz,
					 struct bpf_ct_opts___old *opts, __u32 opts__sz) __ksym;
extern void bpf_ct_release(struct nf_conn *nfct) __ksym;

#define TC(name, ...)                                                                                       \
	SEC("tc") int name(struct __sk_buff *skb)                                                           \
	{                                                                                                   \
		struct bpf_ct_opts___old opts = {.netns_id = -1, .l4proto = 6};                             \
		struct bpf_sock_tuple tuple = {};                                                           \
		struct nf_conn *ct = bpf_skb_ct_lookup(skb, &tuple, sizeof(tuple.ipv4), &opts, sizeof(opts)); \
                                                                                                            \
		if (!ct)                                                                                    \
			return 0;                                                                           \
		__VA_ARGS__;                                                                                \
		bpf_ct_release(ct);                                                                         \
		return 0;                                                                                   \
	}

#define AS(type, field) (*(volatile type *)__builtin_preserve_access_index(&(field)))
TC(mark, AS(__u32, ct->mark) = 1)
TC(mark_half, AS(__u16, ct->mark) = 1)
TC(mark_wide, AS(__u64, ct->mark) = 1)
TC(status, AS(unsigned long, ct->status) = 1)
TC(mark_read, asm volatile("" ::"r"(ct->mark)))
TC(task, AS(int, ((struct task_struct *)bpf_get_current_task_btf())->pid) = 1)

SEC("tc") int lookup_any_size(struct __sk_buff *skb)
{
	struct bpf_ct_opts___old opts = {.netns_id = -1, .l4proto = 6};
	struct bpf_sock_tuple tuple = {};
	struct nf_conn *ct = bpf_skb_ct_lookup(skb, &tuple, skb->len & 31, &opts, sizeof(opts));

	if (ct)
		bpf_ct_release(ct);
	return 0;
}

SEC("cgroup_skb/egress") int task_elsewhere(struct __sk_buff *skb)
{
	AS(int, ((struct task_struct *)bpf_get_current_task_btf())->pid) = 1;
	return 1;
}
