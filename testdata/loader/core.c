// SPDX-License-Identifier: GPL-2.0-only
// CO-RE relocations of every kind.
#include "loader.h"

#define exists(field) __builtin_preserve_field_info(field, 2)
#define size_of(field) __builtin_preserve_field_info(field, 1)
#define offset_of(field) __builtin_preserve_field_info(field, 0)
#define signed_of(field) __builtin_preserve_field_info(field, 3)
#define left_of(field) __builtin_preserve_field_info(field, 4)
#define right_of(field) __builtin_preserve_field_info(field, 5)
#define type_exists(type) __builtin_preserve_type_info(*(typeof(type) *)0, 0)
#define type_size(type) __builtin_preserve_type_info(*(typeof(type) *)0, 1)
#define type_matches(type) __builtin_preserve_type_info(*(typeof(type) *)0, 2)
#define local_id(type) __builtin_btf_type_id(*(typeof(type) *)0, 0)
#define kernel_id(type) __builtin_btf_type_id(*(typeof(type) *)0, 1)
#define enum_exists(type, val) __builtin_preserve_enum_value(*(typeof(type) *)val, 0)
#define enum_value(type, val) __builtin_preserve_enum_value(*(typeof(type) *)val, 1)

struct task_struct___short {
	int pid;
	char comm[16];
	struct task_struct___short *group_leader;
	int tgid;
} __core;

struct task_struct___wide {
	__u64 pid;
	long long no_such_field;
} __core;

struct sk_buff {
	__u8 cloned : 1;
	__u32 len;
} __core;

struct no_such_struct {
	int field;
} __core;

enum bpf_map_type___mine { BPF_MAP_TYPE_ARENA___mine = 3, BPF_MAP_TYPE_NONE___mine = 4 };

volatile __u64 out[32];

SEC("raw_tp/sched_switch") int fields(struct task_struct___short **ctx)
{
	struct task_struct___short *t = ctx[0];
	struct task_struct___wide *w = (void *)t;
	struct sk_buff *skb = (void *)ctx[1];
	struct no_such_struct *none = (void *)t;

	out[0] = offset_of(t->pid);
	out[1] = offset_of(t->comm[3]);
	out[2] = size_of(t->comm);
	out[3] = exists(t->tgid);
	out[4] = exists(w->no_such_field);
	out[5] = exists(none->field);
	out[6] = signed_of(t->pid);
	out[7] = signed_of(skb->len);
	out[8] = left_of(skb->cloned);
	out[9] = right_of(skb->cloned);
	out[10] = offset_of(t->group_leader);
	return 0;
}

SEC("raw_tp/sched_switch") int types(void *ctx)
{
	out[0] = type_exists(struct task_struct___short);
	out[1] = type_exists(struct no_such_struct);
	out[2] = type_size(struct task_struct___short);
	out[3] = type_size(struct no_such_struct);
	out[4] = local_id(struct no_such_struct);
	out[5] = kernel_id(struct task_struct___short);
	out[6] = kernel_id(struct no_such_struct);
	out[7] = type_matches(struct sk_buff);
	out[8] = type_matches(struct no_such_struct);
	out[9] = enum_exists(enum bpf_map_type___mine, BPF_MAP_TYPE_ARENA___mine);
	out[10] = enum_exists(enum bpf_map_type___mine, BPF_MAP_TYPE_NONE___mine);
	out[11] = enum_value(enum bpf_map_type___mine, BPF_MAP_TYPE_ARENA___mine);
	return 0;
}

// Loads with an offset and a width of the kernel's.
SEC("tp_btf/sched_switch") int loads(__u64 *ctx)
{
	struct task_struct___short *t = (void *)ctx[1];
	struct sk_buff *skb = (void *)ctx[2];

	return t->tgid + skb->len;
}

// No match, but never reached.
SEC("tp_btf/sched_switch") int guarded(__u64 *ctx)
{
	struct task_struct___wide *w = (void *)ctx[1];

	if (exists(w->no_such_field))
		return w->no_such_field;
	return 0;
}

SEC("tp_btf/sched_switch") int unguarded(__u64 *ctx)
{
	struct task_struct___wide *w = (void *)ctx[1];

	return w->no_such_field;
}

// A signed field of another size cannot be loaded as it is.
SEC("tp_btf/sched_switch") int resized(__u64 *ctx)
{
	struct task_struct___wide *w = (void *)ctx[1];

	return w->pid;
}

char _license[] SEC("license") = "GPL";
