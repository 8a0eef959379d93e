// SPDX-License-Identifier: GPL-2.0-only
// Compiled with CFLAGS="-mcpu=v2 -Wno-uninitialized".
// What must not be said: a condition that the place contradicts, a macro where none is, a value
// that was lost where none was, a release that leaks, a name that is out of scope.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define LEAVE_IF(condition, value) do { if (condition) return (value); } while (0)
#define COUNT_OF(table, by) bpf_map_lookup_percpu_elem(table, &zero, by)

struct task_struct {
	int pid, tgid;
} __attribute__((preserve_access_index));

struct request {
	int tag;
} __attribute__((preserve_access_index));

struct request_queue;

extern void bpf_task_release(struct task_struct *task) __ksym;
extern struct task_struct *bpf_task_from_pid(int pid) __ksym;

struct session {
	__u64 packets;
	struct bpf_timer expiry;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(struct session));
} sessions SEC(".maps");

struct held {
	struct task_struct __kptr *task;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct held);
} holder SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps");

struct link {
	__u32 parent, owner;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, struct link);
} links SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} entries SEC(".maps");

static __always_inline void arm(struct session *s, int fresh)
{
	if (fresh) {
		if (bpf_timer_init(&s->expiry, &sessions, 1)) // want call-type/special-field-argument "has sizes instead of types" never "condition false: `fresh`" "this macro"
			return;
	}
}

SEC("tc")
int of_another_call(struct __sk_buff *skb)
{
	__u32 key = skb->mark;
	struct session *s = bpf_map_lookup_elem(&sessions, &key);
	int fresh = 0;

	if (!s) {
		struct session first = {};

		bpf_map_update_elem(&sessions, &key, &first, BPF_NOEXIST);
		s = bpf_map_lookup_elem(&sessions, &key);
		if (!s)
			return 0;
		fresh = 1;
	}
	__sync_fetch_and_add(&s->packets, 1);
	arm(s, fresh);
	return 0;
}

SEC("tc")
int never_given_a_value(struct __sk_buff *skb)
{
	__u32 zero = 0, cpu; // note "`cpu` is declared here, without a value"
	__u64 *n;

	bpf_skb_pull_data(skb, 20);
	n = COUNT_OF(&counts, cpu); // want register-type/unreadable-register "`cpu` is used here, but it was never set" never "lost in the call"
	return n ? 1 : 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(read_from_a_map, struct task_struct *task)
{
	__u32 key = 0;
	struct held *h = bpf_map_lookup_elem(&holder, &key);
	struct task_struct *kept;

	if (!h)
		return 0;
	kept = h->task;
	if (!kept)
		return 0;
	bpf_task_release(kept); // want call-type/untrusted-argument "`kept` was only read from `h->task`, and the map owns that still" help "`kept = bpf_kptr_xchg(&h->task, NULL);`" never "bpf_task_from_pid"
	return 0;
}

SEC("tc")
int left_by_a_macro(struct __sk_buff *skb)
{
	__u64 *entry = bpf_ringbuf_reserve(&entries, 16, 0);

	LEAVE_IF(!entry, 0);
	entry[0] = bpf_ktime_get_ns();
	LEAVE_IF(skb->protocol != bpf_htons(ETH_P_IP), 0); // want resource-lifetime/unreleased-reference "`entry`" help "before the `return` in the macro that line 141 uses"
	entry[1] = skb->len;
	bpf_ringbuf_submit(entry, 0);
	return 0;
}

SEC("tp_btf/block_rq_issue")
int BPF_PROG(of_older_kernels, struct request_queue *queue, struct request *rq) // want memory/context-access "would be the second argument" help "`BPF_PROG(of_older_kernels, struct request *rq)`"
{
	bpf_map_delete_elem(&links, &rq);
	return 0;
}

struct reader {
	void *at, *end;
};

static __always_inline struct udphdr *datagram(struct reader *r)
{
	struct iphdr *ip = r->at;

	if ((void *)(ip + 1) > r->end || ip->protocol != IPPROTO_UDP)
		return NULL;
	return (void *)(ip + 1);
}

SEC("xdp")
int end_in_a_structure(struct xdp_md *ctx)
{
	struct reader r = { .at = (void *)(long)ctx->data, .end = (void *)(long)ctx->data_end };
	struct udphdr *udp = datagram(&r);

	if (!udp)
		return XDP_PASS;
	return udp->dest == bpf_htons(53) ? XDP_DROP : XDP_PASS; // want memory/packet-out-of-bounds "`udp->dest` needs the first 24 bytes" help "> r.end) return XDP_PASS;" never "r->end) return"
}

static __always_inline int of_six(void *l3, void *end, __u8 *to)
{
	struct ipv6hdr *ip6 = l3;

	if (l3 + sizeof(struct iphdr) > end)
		return -1;
	__builtin_memcpy(to, &ip6->saddr, 16); // want memory/packet-out-of-bounds "`ip6->saddr` needs the first 24 bytes of the packet" help "(void *)(ip6 + 1) > end" never "`ctx->data` needs"
	return 0;
}

SEC("xdp")
int copied_by_the_compiler(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	__u8 address[16];
	__u32 key;

	if (of_six(data, end, address))
		return XDP_PASS;
	__builtin_memcpy(&key, address + 12, 4);
	return bpf_map_lookup_elem(&links, &key) ? XDP_DROP : XDP_PASS;
}

SEC("tc")
int walks_up(struct __sk_buff *skb)
{
	__u32 at = bpf_get_prandom_u32();
	struct link *l;

	while (at > 1) {
		l = bpf_map_lookup_elem(&links, &at);
		if (!l)
			return 0;
		if (l->owner) // want verifier-limit/infinite-loop "tests what it reads from the value of map `links`" help "`for (int i = 0; i < 64 && at > 1; i++)`" never "Count in a local variable and store it"
			return l->owner & 1;
		at = l->parent;
	}
	return 0;
}

SEC("sockops")
int at_another_label(struct bpf_sock_ops *ops)
{
	int reply = -1;

	switch (ops->op) {
	case BPF_SOCK_OPS_TIMEOUT_INIT:
		if (ops->family == 2)
			reply = 10;
		break;
	case BPF_SOCK_OPS_RWND_INIT:
		if (ops->family == 2)
			reply = 40;
		break;
	case BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB:
	case BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB:
		if (ops->family == 2)
			ops->snd_cwnd = 40; // want memory/context-access "`snd_cwnd`" never "`case BPF_SOCK_OPS_RWND_INIT`"
		reply = 0;
		break;
	}
	ops->reply = reply;
	return 1;
}

SEC("socket")
int not_zero_in_a_copy(struct __sk_buff *skb)
{
	struct { __u32 length; char text[256]; } *e;
	__u32 length = skb->len - 34;

	if (length > 256)
		length = 256;
	e = bpf_ringbuf_reserve(&entries, sizeof(*e), 0);
	if (!e)
		return 0;
	e->length = length;
	bpf_skb_load_bytes(skb, 34, e->text, length); // want call-type/zero-size "may be 0" help "`length` is 0"
	bpf_ringbuf_submit(e, 0);
	return 0;
}

struct qstr {
	const unsigned char *name;
} __attribute__((preserve_access_index));

struct dentry {
	struct qstr d_name;
} __attribute__((preserve_access_index));

static const char kept_name[] = "shadow";

SEC("lsm/inode_unlink")
int BPF_PROG(text_of_the_kernel, void *dir, struct dentry *dentry)
{
	const char *name = (const char *)dentry->d_name.name;

	return bpf_strncmp(name, sizeof(kept_name), kept_name) ? 0 : -1; // want call-type/wrong-argument-kind "`name`" help "`char copy[7] = {}; bpf_probe_read_kernel_str(copy, sizeof(copy), name);`" never "such as a local variable or a map value."
}

struct owners {
	__u32 found, pad;
	__u32 of[6];
};

struct bpf_map;

static long note_owner(struct bpf_map *map, const __u32 *key, struct link *l, struct owners *o)
{
	o->of[o->found] = l->owner; // want memory/stack-out-of-bounds "`o->of` has 6 elements" help "`if (o->found > 5) return 0;`"
	o->found++;
	return 0;
}

SEC("perf_event")
int array_of_the_caller(void *ctx)
{
	struct owners o = {};

	bpf_for_each_map_elem(&links, note_owner, &o, 0);
	return o.found & 1;
}

#define SHORT_OF(pointer, end) ((void *)(pointer) + sizeof(pointer) > (end))
#define NEEDS(pointer, end) do { if ((void *)((pointer) + 1) > (end)) return XDP_PASS; } while (0)

SEC("tc")
int check_behind_a_switch(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip;
	struct udphdr *udp;

	if (data + sizeof(*eth) > end)
		return -1;
	switch (bpf_ntohs(eth->h_proto)) {
	case ETH_P_IP:
		break;
	default:
		return -1;
	}
	ip = data + sizeof(*eth);
	if (SHORT_OF(ip, end))
		return -1;
	if (ip->protocol != IPPROTO_UDP) // want memory/packet-out-of-bounds "the check at line 321 proves the first 22 bytes" never "at line 314"
		return -1;
	udp = (void *)(ip + 1);
	if (SHORT_OF(udp, end) || udp->dest != 8)
		return -1;
	return 0;
}

SEC("xdp")
int check_of_another_header(struct xdp_md *ctx)
{
	void *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = (void *)(long)ctx->data;
	struct ipv6hdr *ip6;
	struct iphdr *ip;
	__u32 key = 0;

	NEEDS(eth, end);
	ip = (void *)(eth + 1);
	ip6 = (void *)(eth + 1);
	NEEDS(ip, end);
	switch (eth->h_proto) { // want memory/packet-out-of-bounds "the check at line 343 proves the first 34 bytes" never "line 340 proves"
	case bpf_htons(ETH_P_IP):
		__builtin_memcpy(&key, &ip->saddr, 4);
		break;
	case bpf_htons(ETH_P_IPV6):
		__builtin_memcpy(&key, &ip6->daddr, 4);
		break;
	default:
		return XDP_PASS;
	}
	return bpf_map_lookup_elem(&links, &key) ? XDP_DROP : XDP_PASS;
}

SEC("tp_btf/sched_wakeup")
int BPF_PROG(taken_over_by_the_map, struct task_struct *task)
{
	__u32 key = 0;
	struct held *h = bpf_map_lookup_elem(&holder, &key);
	struct task_struct *mine, *old;

	if (!h)
		return 0;
	mine = bpf_task_from_pid(task->pid);
	if (!mine)
		return 0;
	old = bpf_kptr_xchg(&h->task, mine);
	if (old)
		bpf_task_release(old);
	bpf_task_release(mine); // want call-type/wrong-argument-kind "not valid any more after bpf_kptr_xchg()" help "Leave this call out: bpf_kptr_xchg() in line 369 took `mine` over"
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
