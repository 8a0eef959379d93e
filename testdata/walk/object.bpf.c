// SPDX-License-Identifier: GPL-2.0-only
// Objects of the kernel and of the program, and pointers to them in map values.
// clang: -Wno-unused-variable
#include "walk.h"
#include <bpf/bpf_core_read.h>

#define KPTR __attribute__((btf_type_tag("kptr")))
#define KPTR_UNTRUSTED __attribute__((btf_type_tag("kptr_untrusted")))
#define LEAVE "9: r0 = 0; exit"

struct bpf_rb_node {
	__u64 opaque[4];
} __attribute__((aligned(8)));
struct bpf_refcount {
	__u32 opaque[1];
} __attribute__((aligned(4)));
struct robust_list_head {
	long futex_offset;
} __attribute__((preserve_access_index));
struct task_struct {
	int pid;
	struct robust_list_head *robust_list;
	struct task_struct *real_parent;
} __attribute__((preserve_access_index));
struct cgroup {
	int level;
} __attribute__((preserve_access_index));
struct counted {
	struct bpf_rb_node node;
	struct bpf_refcount refs;
	__u64 value;
};

extern void *bpf_obj_new_impl(__u64 type, void *meta) __ksym;
extern void bpf_obj_drop_impl(void *object, void *meta) __ksym;
extern struct task_struct *bpf_task_from_pid(int pid) __ksym;
extern void bpf_task_release(struct task_struct *t) __ksym;
extern struct cgroup *bpf_cgroup_from_id(__u64 id) __ksym;
extern void bpf_cgroup_release(struct cgroup *c) __ksym;

struct held {
	struct task_struct KPTR *task;
	struct task_struct KPTR_UNTRUSTED *seen;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct held);
} tasks SEC(".maps");

#define HELD "r6 = r1; r1 = 0; *(u32 *)(r10 - 4) = r1; r2 = r10; r2 += -4; r1 = tasks ll; call 1; if r0 == 0 goto 9f; r2 = 1;"
ASM("tc", field_added, HELD RAW(0xdb, 0, 2, 8, 0) LEAVE)
ASM("tc", field_exchanged, HELD RAW(0xdb, 0, 2, 8, 0xe1) LEAVE)
ASM("tc", field_acquired, HELD RAW(0xdb, 2, 0, 8, 0x100) LEAVE)
ASM("tc", field_zeroed, HELD RAW(0x7a, 0, 0, 8, 0) LEAVE)
ASM("tc", field_numbered, HELD RAW(0x7a, 0, 0, 8, 7) LEAVE)
ASM("tc", field_halved, HELD RAW(0x62, 0, 0, 8, 0) LEAVE)
ASM("tc", field_owned_zeroed, HELD RAW(0x7a, 0, 0, 0, 0) LEAVE)
ASM("tc", field_read_signed, HELD RAW(0x81, 2, 0, 8, 0) LEAVE)
ASM("tc", fields_filled, HELD "r1 = r6; r2 = 0; r3 = r0; r4 = 16; call 26;" LEAVE)
ASM("tc", fields_passed, HELD "r1 = r6; r2 = 0; r3 = r0; r4 = 8; r5 = 0; call 9;" LEAVE)

#define SEEN                                                    \
	__u32 key = 0;                                          \
	struct held *h = bpf_map_lookup_elem(&tasks, &key);     \
	struct task_struct *t;                                  \
	if (!h)                                                 \
		return 0

SEC("tc") int seen_written(struct __sk_buff *skb)
{
	SEEN;
	t = h->seen;
	if (t)
		t->pid = 3;
	return 0;
}
SEC("tc") int seen_read(struct __sk_buff *skb)
{
	SEEN;
	t = h->seen;
	return t ? t->pid & 1 : 0;
}
SEC("tc") int seen_unchecked(struct __sk_buff *skb)
{
	SEEN;
	return h->seen->pid & 1;
}
SEC("tc") int kept_cgroup(struct __sk_buff *skb)
{
	struct cgroup *c;
	SEEN;
	c = bpf_cgroup_from_id(1);
	if (!c)
		return 0;
	*(void *volatile *)&h->seen = c;
	bpf_cgroup_release(c);
	return 0;
}
SEC("tc") int exchanged_cgroup(struct __sk_buff *skb)
{
	struct cgroup *c;
	SEEN;
	c = bpf_cgroup_from_id(1);
	if (!c)
		return 0;
	t = bpf_kptr_xchg(&h->task, (void *)c);
	if (t)
		bpf_task_release(t);
	return 0;
}
SEC("tc") int kept_object(struct __sk_buff *skb)
{
	struct counted *n;
	SEEN;
	n = bpf_obj_new_impl(bpf_core_type_id_local(struct counted), 0);
	if (!n)
		return 0;
	*(void *volatile *)&h->seen = n;
	bpf_obj_drop_impl(n, 0);
	return 0;
}
SEC("tc") int kept_unchecked(struct __sk_buff *skb)
{
	SEEN;
	t = bpf_task_from_pid(1);
	*(void *volatile *)&h->seen = t;
	if (t)
		bpf_task_release(t);
	return 0;
}
SEC("tc") int kept_seen(struct __sk_buff *skb)
{
	SEEN;
	t = h->seen;
	if (t)
		*(void *volatile *)&h->seen = t;
	return 0;
}
SEC("tc") int kept_moved(struct __sk_buff *skb)
{
	SEEN;
	t = bpf_task_from_pid(1);
	if (!t)
		return 0;
	*(void *volatile *)&h->seen = (void *)t + 8;
	bpf_task_release(t);
	return 0;
}

SEC("tc") int count_read(struct __sk_buff *skb)
{
	struct counted *n = bpf_obj_new_impl(bpf_core_type_id_local(struct counted), 0);
	int count;

	if (!n)
		return 0;
	count = *(volatile int *)&n->refs;
	bpf_obj_drop_impl(n, 0);
	return count;
}
SEC("tc") int node_written(struct __sk_buff *skb)
{
	struct counted *n = bpf_obj_new_impl(bpf_core_type_id_local(struct counted), 0);

	if (!n)
		return 0;
	*(volatile __u64 *)&n->node = 0;
	bpf_obj_drop_impl(n, 0);
	return 0;
}
SEC("tc") int value_written(struct __sk_buff *skb)
{
	struct counted *n = bpf_obj_new_impl(bpf_core_type_id_local(struct counted), 0);

	if (!n)
		return 0;
	n->value = 7;
	bpf_obj_drop_impl(n, 0);
	return 0;
}
SEC("tc") int behind_written(struct __sk_buff *skb)
{
	struct counted *n = bpf_obj_new_impl(bpf_core_type_id_local(struct counted), 0);

	if (!n)
		return 0;
	*(volatile __u64 *)(n + 1) = 7;
	bpf_obj_drop_impl(n, 0);
	return 0;
}

SEC("tp_btf/task_rename") int user_memory(__u64 *ctx)
{
	return ((struct task_struct *)ctx[0])->robust_list->futex_offset & 1;
}
SEC("tp_btf/task_rename") int parent(__u64 *ctx)
{
	return ((struct task_struct *)ctx[0])->real_parent->pid & 1;
}

ASM("xdp", packet_known_to_end, "r2 = *(u32 *)(r1 + 0); r3 = *(u32 *)(r1 + 4); r4 = r2; r4 += 4; if r4 > r3 goto 1f; goto 9f; 1: r0 = *(u8 *)(r4 + 0);" LEAVE)
ASM("xdp", packet_known_at_end, "r2 = *(u32 *)(r1 + 0); r3 = *(u32 *)(r1 + 4); r4 = r2; r4 += 4; if r4 >= r3 goto 1f; goto 9f; 1: r0 = *(u8 *)(r4 + 0);" LEAVE)

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, __u64);
	__type(value, __u64);
} table SEC(".maps");

static long each_key_filled(void *map, void *key, void *value, struct __sk_buff *skb)
{
	char b[8];

	bpf_probe_read_kernel(key, 8, value);
	return 0;
}
static long each_key_copied(void *map, void *key, void *value, struct __sk_buff *skb)
{
	return bpf_map_update_elem(map, key, key, 0) & 1;
}
SEC("raw_tp") int iterated_key_filled(void *ctx) { return bpf_for_each_map_elem(&table, each_key_filled, 0, 0); }
SEC("raw_tp") int iterated_key_copied(void *ctx) { return bpf_for_each_map_elem(&table, each_key_copied, 0, 0); }

struct bpf_rb_root {
	__u64 opaque[2];
} __attribute__((aligned(8)));
extern int bpf_rbtree_add_impl(struct bpf_rb_root *root, struct bpf_rb_node *node,
			       _Bool(less)(struct bpf_rb_node *, const struct bpf_rb_node *), void *meta, __u64 off) __ksym;
#define A SEC(".data.a") __attribute__((aligned(8)))
struct bpf_spin_lock lock A;
struct bpf_rb_root tree A __attribute__((btf_decl_tag("contains:counted:node")));
static _Bool less(struct bpf_rb_node *a, const struct bpf_rb_node *b) { return 1; }
SEC("tc") int kept_borrowed(struct __sk_buff *skb)
{
	struct counted *n;
	SEEN;
	n = bpf_obj_new_impl(bpf_core_type_id_local(struct counted), 0);
	if (!n)
		return 0;
	bpf_spin_lock(&lock);
	bpf_rbtree_add_impl(&tree, &n->node, less, 0, 0);
	*(void *volatile *)&h->seen = n;
	bpf_spin_unlock(&lock);
	return 0;
}
SEC("tc") int kept_moved_back(struct __sk_buff *skb)
{
	SEEN;
	t = bpf_task_from_pid(1);
	if (!t)
		return 0;
	*(void *volatile *)&h->seen = (void *)t - 8;
	bpf_task_release(t);
	return 0;
}

struct nf_conn {
	__u32 mark;
} __attribute__((preserve_access_index));
struct tracked {
	struct nf_conn KPTR_UNTRUSTED *seen;
};
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tracked);
} connections SEC(".maps");
SEC("tc") int mark_untrusted(struct __sk_buff *skb)
{
	__u32 key = 0;
	struct tracked *h = bpf_map_lookup_elem(&connections, &key);
	struct nf_conn *c = h ? h->seen : 0;

	if (c)
		c->mark = 1;
	return 0;
}

struct pointing {
	struct bpf_refcount refs;
	struct task_struct *task;
};
SEC("tc") int pointer_of_object(struct __sk_buff *skb)
{
	struct pointing *p = bpf_obj_new_impl(bpf_core_type_id_local(struct pointing), 0);
	__u64 value;

	if (!p)
		return 0;
	value = *(volatile __u64 *)&p->task;
	bpf_obj_drop_impl(p, 0);
	return value & 1;
}

/* Something has to have this type, or clang only declares it. */
struct shared {
	__u64 words[2];
} shared SEC(".data.shared");
struct of_task {
	struct shared __attribute__((btf_type_tag("uptr"))) *user;
	__u64 number;
};
struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct of_task);
} of_tasks SEC(".maps");
#define OF_TASK                                                                          \
	struct of_task *s = bpf_task_storage_get(&of_tasks, bpf_get_current_task_btf(), 0, 0); \
	if (!s)                                                                          \
		return 0
SEC("tp_btf/task_rename") int user_read(__u64 *ctx)
{
	struct shared *u;
	OF_TASK;
	u = s->user;
	return u ? u->words[1] & 1 : 0;
}
SEC("tp_btf/task_rename") int user_read_behind(__u64 *ctx)
{
	__u64 *u;
	OF_TASK;
	u = (void *)s->user;
	return u ? u[2] & 1 : 0;
}
SEC("tp_btf/task_rename") int user_unchecked(__u64 *ctx)
{
	OF_TASK;
	return s->user->words[0] & 1;
}
SEC("tp_btf/task_rename") int user_written(__u64 *ctx)
{
	OF_TASK;
	*(void *volatile *)&s->user = 0;
	return 0;
}
SEC("tp_btf/task_rename") int user_written_itself(__u64 *ctx)
{
	struct shared *u;
	OF_TASK;
	u = s->user;
	if (u)
		*(void *volatile *)&s->user = u;
	return 0;
}
