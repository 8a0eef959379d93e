// SPDX-License-Identifier: GPL-2.0-only
// What the values mean that a hook takes: in faults about them, and in the checks that reports suggest.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} records SEC(".maps");

struct work {
	struct bpf_timer timer;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct work);
} works SEC(".maps");

SEC("sk_lookup")
int lookup_of_three(struct bpf_sk_lookup *ctx)
{
	if (ctx->local_port == 8080)
		return 3; // want call-type/return-value "returns `3`, which the hook does not take: it takes only 0 to 1" help "Return `SK_PASS` (1), which lets the lookup go on, or `SK_DROP` (0), which ends it without a socket" never "always 3"
	return 1;
}

SEC("cgroup/bind6")
int bind_minus_one(struct bpf_sock_addr *ctx)
{
	if (ctx->user_port == 0)
		return -13; // want call-type/return-value "takes only 0 to 3" help "`1`, which allows the operation, or `0`, which refuses it with EPERM" "bpf_set_retval() sets another error"
	return 1;
}

SEC("cgroup/getpeername4")
int peer_zero(struct bpf_sock_addr *ctx)
{
	return 0; // want call-type/return-value "takes only 1" help "Return `1`, which is all that this hook takes, on every path" never "refuses" "EPERM"
}

SEC("cgroup/setsockopt")
int option_minus_one(struct bpf_sockopt *ctx)
{
	return ctx->level == 6 ? -1 : 1; // want call-type/return-value "(-1 on this path)" help "`0`, which refuses it with EPERM"
}

SEC("fentry/vfs_unlink")
int BPF_PROG(watcher_of_one, void *idmap)
{
	return 1; // want call-type/return-value "takes only 0" help "`0`, which is what programs return that only watch" never "bpf_set_retval"
}

SEC("lsm/file_open")
int BPF_PROG(positive_refusal, void *file)
{
	return 1; // want call-type/return-value "returns `1`, which the hook does not take: it takes only -4095 to 0" help "Return `0`, which lets the operation go on, or `-EPERM` (-1), which refuses it"
}

static int ring(void *map, __u32 *key, struct work *w)
{
	return 2; // want call-type/return-value "ring() returns `2`, which the timer does not take: it takes only 0" help "Return `0`, on every path" never "the hook"
}

SEC("tc")
int timer_started(struct __sk_buff *skb)
{
	__u32 zero = 0;
	struct work *w = bpf_map_lookup_elem(&works, &zero);

	if (!w)
		return 0;
	return bpf_timer_set_callback(&w->timer, ring); // note "ring() is set as the callback here"
}

SEC("cgroup_skb/ingress")
int pass_where_null(struct __sk_buff *skb)
{
	struct bpf_sock *sk = skb->sk;

	return sk->protocol != 17; // want register-type/nullable-dereference "may be NULL here" help "`if (!sk) return 1;`"
}

SEC("xdp")
int pass_by_name(struct xdp_md *ctx)
{
	__u32 key = 2;
	__u64 *count = bpf_map_lookup_elem(&counts, &key);

	return ++*count > 4 ? XDP_DROP : XDP_PASS; // want register-type/nullable-dereference "may be NULL here" help "`if (!count) return XDP_PASS;`"
}

SEC("sk_lookup")
int pass_lookup(struct bpf_sk_lookup *ctx)
{
	__u32 key = 2;
	__u64 *count = bpf_map_lookup_elem(&counts, &key);

	return *count > 4; // want register-type/nullable-dereference "may be NULL here" help "`if (!count) return SK_PASS;`"
}

SEC("cgroup/connect6")
int own_return_counts(struct bpf_sock_addr *ctx)
{
	__u32 key = 2;
	__u64 *count;

	if (ctx->user_port == 0)
		return 1;
	count = bpf_map_lookup_elem(&counts, &key);
	if (*count > 4) // want register-type/nullable-dereference "may be NULL here" help "`if (!count) return 1;`"
		return 0;
	return 1;
}

SEC("cgroup_skb/egress")
int drops_short_packets(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data, *data_end = (void *)(long)skb->data_end;
	__u32 *word = data;

	if (data + 2 > data_end)
		return 0;
	return *word != 7; // want memory/packet-out-of-bounds "needs the first 4 bytes" never "return 1;"
}

SEC("tc")
int holds_a_record(struct __sk_buff *skb)
{
	__u64 *record = bpf_ringbuf_reserve(&records, 8, 0), *count;
	__u32 key = 1;

	if (!record)
		return 0;
	count = bpf_map_lookup_elem(&counts, &key);
	*record = *count; // want register-type/nullable-dereference "may be NULL here" help "`if (!count) { bpf_ringbuf_discard(record, 0); return 0; }`"
	bpf_ringbuf_submit(record, 0);
	return 0;
}

SEC("tc")
int record_itself_unchecked(struct __sk_buff *skb)
{
	__u64 *record = bpf_ringbuf_reserve(&records, 8, 0);

	*record = skb->len; // want register-type/nullable-dereference "`record`" help "`if (!record) return 0;`" never "discard"
	bpf_ringbuf_submit(record, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
