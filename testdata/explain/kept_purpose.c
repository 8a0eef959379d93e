// SPDX-License-Identifier: GPL-2.0-only
// Suggestions that keep what a program is for: what a lock protects stays under it, a limit that
// is one too large is corrected where it is, and a size that must be constant is not checked.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define BINS 12

extern int bpf_dynptr_from_skb(struct __sk_buff *skb, __u64 flags, struct bpf_dynptr *out) __ksym;
extern void *bpf_dynptr_slice(const struct bpf_dynptr *from, __u32 at, void *copy, __u32 size) __ksym;

struct purse {
	struct bpf_spin_lock guard;
	__u32 coins;
	__u64 since;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 32);
	__type(key, __u32);
	__type(value, struct purse);
} purses SEC(".maps");

struct bins {
	__u64 seen[BINS];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, struct bins);
} counted SEC(".maps");

struct route {
	__u32 bits;
	__u32 net;
};

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 64);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct route);
	__type(value, __u32);
} routes SEC(".maps");

struct queue {
	__u32 first, last;
	__u64 items[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct queue);
} queues SEC(".maps");

static __always_inline void earn(struct purse *p)
{
	__u64 now = bpf_ktime_get_ns(); // want execution-context/call-under-lock "taken at line 81" help "Make only the call of bpf_ktime_get_ns()" "the rest of earn() uses what the lock protects" never "Make the call of earn()"

	p->coins += (now - p->since) >> 30;
	p->since = now;
}

SEC("tc")
int call_within_the_protected(struct __sk_buff *skb)
{
	__u32 at = skb->mark & 31;
	struct purse *p = bpf_map_lookup_elem(&purses, &at);

	if (!p)
		return 0;
	bpf_spin_lock(&p->guard);
	earn(p);
	bpf_spin_unlock(&p->guard);
	return 0;
}

SEC("tc")
int both_locked(struct __sk_buff *skb)
{
	__u32 from = skb->mark & 15, to = from + 16;
	struct purse *giver = bpf_map_lookup_elem(&purses, &from), *taker = bpf_map_lookup_elem(&purses, &to);

	if (!giver || !taker)
		return 0;
	bpf_spin_lock(&giver->guard);
	bpf_spin_lock(&taker->guard); // want execution-context/call-under-lock "`giver->guard`" help "`giver` is used under its lock in lines 97 and 99" never "Insert"
	if (giver->coins > 3) {
		taker->coins += 3;
		giver->coins -= 3;
	}
	bpf_spin_unlock(&taker->guard);
	bpf_spin_unlock(&giver->guard);
	return 0;
}

static __always_inline __u32 bin_of(__u64 size)
{
	__u32 bin = 0;

	for (int i = 0; i < 24 && size > 1; i++) {
		size >>= 1;
		bin++;
	}
	if (bin > BINS)
		bin = BINS;
	return bin;
}

SEC("tc")
int clamp_in_another_function(struct __sk_buff *skb)
{
	__u32 key = skb->ifindex, bin;
	struct bins *b = bpf_map_lookup_elem(&counted, &key);

	if (!b)
		return 0;
	bin = bin_of(skb->tstamp);
	b->seen[bin]++; // want memory/out-of-bounds "`bin` is 12 here, but `seen` has 12 elements; line 115 limits it to that" help "Write `bin >= BINS` in line 114 and `bin = BINS - 1;` in line 115" never "always"
	return 0;
}

SEC("tc")
int key_of_a_trie(struct __sk_buff *skb)
{
	__u32 net = skb->hash;
	__u32 *hop = bpf_map_lookup_elem(&routes, &net); // want call-type/memory-range "`net` has 4 bytes" help "Pass a variable of its own" "`struct route`), and set its members `bits` and `net`" never "__type(key, __u32)"

	return hop ? *hop & 1 : 0;
}

SEC("tc")
int size_must_be_constant(struct __sk_buff *skb)
{
	struct iphdr room, *ip;
	char options[12];
	struct bpf_dynptr packet;
	char *o;

	if (bpf_dynptr_from_skb(skb, 0, &packet))
		return 0;
	ip = bpf_dynptr_slice(&packet, 14, &room, sizeof(room));
	if (!ip)
		return 0;
	o = bpf_dynptr_slice(&packet, 34, options, ip->ihl * 2); // want call-type/non-constant-size "must be one known number" help "such as `sizeof(options)`" "bpf_dynptr_read(), which takes a variable size" never "limit that"
	return o ? *o & 1 : 0;
}

SEC("tc")
int limited_size_must_be_constant(struct __sk_buff *skb)
{
	char text[24], *t;
	struct bpf_dynptr packet;
	__u32 size = 1 + (skb->mark & 31);

	if (bpf_dynptr_from_skb(skb, 0, &packet))
		return 0;
	t = bpf_dynptr_slice(&packet, 42, text, size); // want call-type/memory-length-range "up to 32 bytes" help "Pass a constant as the size, such as `sizeof(text)`" "bpf_dynptr_read() does" never "limit that"
	return t ? *t & 1 : 0;
}

SEC("tc")
int difference_made_elsewhere(struct __sk_buff *skb)
{
	char text[128];
	__u16 length;
	__u32 rest;

	if (bpf_skb_load_bytes(skb, 38, &length, sizeof(length)))
		return 0;
	rest = bpf_ntohs(length) - sizeof(struct udphdr); // note "8 is subtracted from `bpf_ntohs(length)` here"
	if (rest == 0)
		return 0;
	if (bpf_ntohs(length) > sizeof(text))
		return 0;
	bpf_skb_load_bytes(skb, 42, text, rest); // want call-type/unbounded-size "line 180 subtracts 8 from `bpf_ntohs(length)` (0 to 128), which wraps to a huge number where that is less than 8" help "`if (bpf_ntohs(length) < 8) return 0;`" never "may be below zero"
	return text[0] & 1;
}

SEC("tc")
int header_removed(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	struct ethhdr *eth = data;

	if ((void *)(eth + 1) > end)
		return 0;
	if (bpf_skb_adjust_room(skb, -20, BPF_ADJ_ROOM_MAC, 0))
		return 0;
	return eth->h_dest[0] & 1; // want register-type/scalar-dereference "not valid any more after bpf_skb_adjust_room() at line 197" help "If the bytes from before bpf_skb_adjust_room() are meant, read `eth->h_dest[0]` into a variable before that call" never "With this change"
}

SEC("tc")
int waits_for_a_member(struct __sk_buff *skb)
{
	__u32 key = 0, taken = 0;
	struct queue *q = bpf_map_lookup_elem(&queues, &key);

	if (!q)
		return 0;
	while (q->first != q->last) {
		taken += q->items[q->first & 15]; // want verifier-limit/instructions "`q->first` and `q->last`, which its condition compares, are in the value of map `queues`" help "`for (int i = 0; i < 256 && q->first != q->last; i++)`" never "q->first < 256"
		q->first++;
	}
	return taken & 1;
}

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, char[64]);
} texts SEC(".maps");

SEC("raw_tp/sys_enter")
int rest_less_one(struct bpf_raw_tracepoint_args *ctx)
{
	unsigned long first = ctx->args[0], last = ctx->args[1], rest, done;
	__u32 key = 0;
	char *text = bpf_map_lookup_elem(&texts, &key);

	if (!text)
		return 0;
	done = bpf_probe_read_user_str(text, 64, (void *)first);
	if (done > 64)
		return 0;
	rest = 64 - done;
	if (last - first < done)
		rest = 0;
	rest = rest - 1; // note "`rest` may wrap here"
	bpf_probe_read_user(text, rest, (void *)first + done); // want call-type/unbounded-size "`rest = rest - 1` in line 239 may wrap: for the verifier it is -1 to 63" help "Leave before line 239 where the result would be below 0: `if (rest == 0) return 0;`" never "without an upper limit"
	return 0;
}

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
} samples SEC(".maps");

SEC("raw_tp/sys_exit")
int for_the_other_map(struct bpf_raw_tracepoint_args *ctx)
{
	__u64 sample[2] = { ctx->args[1], bpf_ktime_get_ns() };

	bpf_ringbuf_output(&samples, sample, sizeof(sample), 0); // want call-type/map-helper-mismatch "`samples` is a BPF_MAP_TYPE_PERF_EVENT_ARRAY" help "`bpf_perf_event_output(ctx, &samples, BPF_F_CURRENT_CPU, sample, sizeof(sample))`"
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
