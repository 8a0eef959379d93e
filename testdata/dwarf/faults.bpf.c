// SPDX-License-Identifier: GPL-2.0-only
// Rejected programs whose reports name variables that the line does not tell,
// and how inlined code was reached. A comment wants a part of the message and
// maybe one of a related place.
#include "faults.h"
#include <bpf/bpf_tracing.h>

extern int bpf_dynptr_from_skb(struct __sk_buff *s, __u64 flags, struct bpf_dynptr *to) __ksym;

#define PID(r) ((r)->pid)
#define SET(r, what) PID(r) = what

struct counter {
	__u64 hits, misses;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, struct counter);
} counters SEC(".maps");

SEC("tp/syscalls/sys_enter_openat")
int acquired_inside(void *ctx)
{
	struct record *r = new_record();

	if (!r)
		return 0;
	if (fill(r, 77))
		return 1; // want resource-lifetime/unreleased-reference "`r`, reserved by bpf_ringbuf_reserve() at line 18 of record.h, is still owned" related "new_record() inlined into acquired_inside() here"
	bpf_ringbuf_submit(r, 0);
	return 0;
}

SEC("tp/syscalls/sys_enter_openat")
int in_header(void *ctx)
{
	struct record *r = bpf_ringbuf_reserve(&records, sizeof(*r), 0);

	set_pid(r, 3);
	bpf_ringbuf_submit(r, 0);
	return 0;
}

SEC("tp/syscalls/sys_enter_openat")
int by_macro(void *ctx)
{
	struct record *mine = bpf_ringbuf_reserve(&records, sizeof(*mine), 0);

	SET(mine, bpf_get_prandom_u32()); // want register-type/nullable-dereference "`mine`, a ring buffer record, may be NULL" related "`mine` comes from bpf_ringbuf_reserve() here"
	bpf_ringbuf_submit(mine, 0);
	return 0;
}

SEC("tc")
int returned_inside(struct __sk_buff *skb)
{
	struct record *r = bpf_ringbuf_reserve(&records, sizeof(*r), 0);

	if (!r)
		return 0;
	r->pid = skb->mark;
	return verdict(r); // want resource-lifetime/unreleased-reference "`r`, reserved by bpf_ringbuf_reserve() at line 60, is still owned" related "`r` is reserved here"
}

SEC("tc")
int in_the_frame(struct __sk_buff *skb)
{
	struct bpf_dynptr mem;

	reserve_into(&mem);
	return skb->len > 100; // want resource-lifetime/unreleased-reference "`mem`, reserved by bpf_ringbuf_reserve_dynptr() at line 19 of faults.h, is still owned" related "reserve_into() inlined into in_the_frame() here"
}

SEC("tc")
int overwritten(struct __sk_buff *skb)
{
	struct bpf_dynptr mem;

	reserve_into(&mem);
	bpf_dynptr_from_skb(skb, 0, &mem); // want resource-lifetime/dynptr-overwrite "would destroy `mem` that still owns a resource, reserved by bpf_ringbuf_reserve_dynptr() at line 19 of faults.h" related "reserve_into() inlined into overwritten() here"
	return 0;
}

struct filename;

SEC("fentry/do_unlinkat")
int BPF_PROG(wrapped, int dfd, struct filename *name)
{
	struct record *event = new_record();

	if (!event)
		return 0;
	event->pid = dfd;
	return 0; // want resource-lifetime/unreleased-reference "`event`, reserved by bpf_ringbuf_reserve() at line 18 of record.h" related "new_record() inlined into wrapped() here"
}

static __always_inline int sample(struct __sk_buff *skb, __u32 limit)
{
	struct bpf_dynptr entry;

	if (bpf_ringbuf_reserve_dynptr(&records, 8, 0, &entry)) {
		bpf_ringbuf_discard_dynptr(&entry, 0);
		return -1;
	}
	if (skb->len > limit)
		return -1; // want resource-lifetime/unreleased-reference "`entry`, reserved by bpf_ringbuf_reserve_dynptr() at line 104, is still owned" related "sample() inlined into lost_inside() here"
	bpf_ringbuf_submit_dynptr(&entry, 0);
	return 0;
}

SEC("tc")
int lost_inside(struct __sk_buff *skb)
{
	if (sample(skb, skb->mark))
		return 0;
	return 0;
}

SEC("tc")
int moved(struct __sk_buff *skb)
{
	__u32 key = 0, step = skb->queue_mapping;
	struct counter *c = bpf_map_lookup_elem(&counters, &key);
	char *at = (char *)c;

	if (!c)
		return 0;
	at += step;
	return *at; // want memory/unbounded-offset "used with `at`" related "`at` comes from bpf_map_lookup_elem() here"
}

char LICENSE[] SEC("license") = "GPL";
