// SPDX-License-Identifier: GPL-2.0-only
// What programs that implement a scheduler or a queueing discipline may set.
// kernel: 6.18.15
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct sched_ext_entity {
	__u32 weight;
	__u64 slice;
	__u64 dsq_vtime;
	_Bool disallow;
};

struct task_struct {
	int pid;
	struct sched_ext_entity scx;
};

struct sk_buff {
	unsigned int len;
	__s64 tstamp;
	char cb[48];
};

struct qdisc_skb_cb {
	struct {
		unsigned int pkt_len;
	};
	unsigned char data[20];
};

struct qdisc_skb_head {
	__u32 qlen;
};

struct gnet_stats_queue {
	__u32 qlen;
	__u32 backlog;
	__u32 drops;
	__u32 requeues;
	__u32 overlimits;
};

struct Qdisc {
	unsigned int flags;
	__u32 limit;
	struct qdisc_skb_head q;
	struct gnet_stats_queue qstats;
};

struct bpf_sk_buff_ptr {
	struct sk_buff *skb;
};

#pragma clang attribute pop

struct sched_ext_ops {
	void (*running)(struct task_struct *p);
	void (*stopping)(struct task_struct *p, _Bool runnable);
	void (*quiescent)(struct task_struct *p, __u64 deq_flags);
	void (*runnable)(struct task_struct *p, __u64 enq_flags);
	void (*set_weight)(struct task_struct *p, __u32 weight);
	void (*tick)(struct task_struct *p);
	void (*enable)(struct task_struct *p);
};

struct Qdisc_ops {
	int (*enqueue)(struct sk_buff *skb, struct Qdisc *sch, struct bpf_sk_buff_ptr *to_free);
	void (*reset)(struct Qdisc *sch);
	void (*destroy)(struct Qdisc *sch);
};

void bpf_qdisc_skb_drop(struct sk_buff *p, struct bpf_sk_buff_ptr *to_free_list) __ksym;

#define TASK(name, set)                                                                                                  \
	SEC("struct_ops")                                                                                                \
	int name(__u64 *ctx)                                                                                             \
	{                                                                                                                \
		struct task_struct *p = (void *)ctx[0];                                                                  \
                                                                                                                         \
		set;                                                                                                     \
		return 0;                                                                                                \
	}

TASK(slice, p->scx.slice = 5000000)
TASK(vtime, p->scx.dsq_vtime += 1)
TASK(disallow, p->scx.disallow = 1)
TASK(upper_half, *((volatile __u32 *)&p->scx.slice + 1) = 0)
TASK(beyond, *(volatile __u64 *)((__u32 *)&p->scx.slice + 1) = 0)
TASK(weight, p->scx.weight = 1)
TASK(pid, p->pid = 0)

#define QDISC(name, set)                                                                                                 \
	SEC("struct_ops")                                                                                                \
	int name(__u64 *ctx)                                                                                             \
	{                                                                                                                \
		struct Qdisc *sch = (void *)ctx[0];                                                                      \
                                                                                                                         \
		set;                                                                                                     \
		return 0;                                                                                                \
	}

QDISC(limit, sch->limit = 1000)
QDISC(qlen, sch->q.qlen = 0)
QDISC(statistics, sch->qstats.backlog = 0)
QDISC(statistics_beyond, asm volatile("*(u64 *)(%0 + 0) = %1" ::"r"(&sch->qstats.overlimits), "r"(0UL) : "memory"))
QDISC(limit_inside, *((volatile __u16 *)&sch->limit + 1) = 0)
QDISC(flags, sch->flags = 0)

#define PACKET(name, set)                                                                                                \
	SEC("struct_ops")                                                                                                \
	int name(__u64 *ctx)                                                                                             \
	{                                                                                                                \
		struct bpf_sk_buff_ptr *to_free = (void *)ctx[2];                                                        \
		struct sk_buff *skb = (void *)ctx[0];                                                                    \
                                                                                                                         \
		set;                                                                                                     \
		bpf_qdisc_skb_drop(skb, to_free);                                                                        \
		return 0;                                                                                                \
	}

PACKET(time, skb->tstamp = 1)
PACKET(private, ((struct qdisc_skb_cb *)skb->cb)->data[3] = 1)
PACKET(shared, ((struct qdisc_skb_cb *)skb->cb)->pkt_len = 1)
PACKET(length, skb->len = 1)

// Each program is of a map of its own, so that each can be loaded alone.
#define OPS(type, member, program) SEC(".struct_ops") struct type ops_##program = { .member = (void *)program }

OPS(sched_ext_ops, running, slice);
OPS(sched_ext_ops, stopping, vtime);
OPS(sched_ext_ops, quiescent, disallow);
OPS(sched_ext_ops, runnable, upper_half);
OPS(sched_ext_ops, enable, beyond);
OPS(sched_ext_ops, set_weight, weight);
OPS(sched_ext_ops, tick, pid);
OPS(Qdisc_ops, reset, limit);
OPS(Qdisc_ops, reset, qlen);
OPS(Qdisc_ops, reset, statistics);
OPS(Qdisc_ops, destroy, statistics_beyond);
OPS(Qdisc_ops, destroy, limit_inside);
OPS(Qdisc_ops, destroy, flags);
OPS(Qdisc_ops, enqueue, time);
OPS(Qdisc_ops, enqueue, private);
OPS(Qdisc_ops, enqueue, shared);
OPS(Qdisc_ops, enqueue, length);
