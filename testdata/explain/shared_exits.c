// SPDX-License-Identifier: GPL-2.0-only
// Leaks by a return that the compiler made one with others: those of a `switch`, those of a
// loop, and those behind functions of the program that give back what they are passed.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

enum stage { STAGE_SYN = 3, STAGE_DATA = 17, STAGE_FIN = 40 };

struct event {
	__u64 at, len;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

static __always_inline void forget(struct event *gone)
{
	bpf_ringbuf_discard(gone, 0);
}

static __noinline int pass_on(struct event *given, __u32 how)
{
	if (!given)
		return 0;
	given->at = how;
	if (how & 4)
		bpf_ringbuf_submit(given, 0);
	return 1; // want resource-lifetime/unreleased-reference "still owned" help "Call `bpf_ringbuf_discard(given, 0);` in an `else` of the condition in line 29"
}

SEC("tc")
int labels(struct __sk_buff *skb)
{
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);

	if (!e)
		return 0;
	e->len = skb->len;
	switch (skb->mark) { // note "the path goes on at `case STAGE_DATA` in line 46"
	case STAGE_SYN:
		bpf_ringbuf_submit(e, 0);
		return 0;
	case STAGE_DATA:
		return 0; // want resource-lifetime/unreleased-reference "`e`" help "Call `bpf_ringbuf_discard(e, 0);` before this line"
	case STAGE_FIN:
		bpf_ringbuf_discard(e, BPF_RB_NO_WAKEUP);
		return 0;
	}
	bpf_ringbuf_submit(e, 0);
	return 0;
}

SEC("tc")
int labels_of_protocols(struct __sk_buff *skb)
{
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);

	if (!e)
		return 0;
	switch (skb->protocol) { // note "the path goes on at `case bpf_htons(0x806)` in line 67"
	case bpf_htons(0x800):
		e->at = 4;
		break;
	case bpf_htons(0x806):
		return 2; // want resource-lifetime/unreleased-reference "`e`" help "before this line" never "branches here"
	default:
		e->at = 0;
	}
	bpf_ringbuf_submit(e, 0);
	return 0;
}

SEC("tc")
int masked_labels(struct __sk_buff *skb)
{
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);

	if (!e)
		return 0;
	switch (skb->mark) { // want resource-lifetime/unreleased-reference "`e`" help "Call `bpf_ringbuf_discard(e, 0);` before each of the returns in lines 85 and 87"
	case 8:
		return 2;
	case 10:
		return 2;
	}
	bpf_ringbuf_submit(e, 0);
	return 0;
}

SEC("tc")
int by_a_function(struct __sk_buff *skb)
{
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);

	if (!e)
		return 0;
	if (skb->mark == 9)
		return 2; // want resource-lifetime/unreleased-reference "`e`" help "`{ forget(e); return 2; }`"
	e->at = 2;
	forget(e);
	return 0;
}

SEC("tc")
int by_a_function_at_times(struct __sk_buff *skb)
{
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);

	if (!e)
		return 0;
	return pass_on(e, skb->mark);
}

SEC("tc")
int next_round(struct __sk_buff *skb)
{
	struct event *e;

	for (int i = 0; i < 3; i++) {
		e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
		if (!e)
			continue;
		e->at = i;
		if (skb->mark == i)
			continue;
		bpf_ringbuf_submit(e, 0);
	}
	return 0; // want resource-lifetime/unreleased-reference "`e`" help "Call `bpf_ringbuf_discard(e, 0);` before the `continue` in line 128" never "`if (e)"
}

SEC("tc")
int every_round(struct __sk_buff *skb)
{
	struct event *e;

	for (int i = 0; i < 3; i++) {
		e = bpf_ringbuf_reserve(&events, sizeof(*e), 0); // want resource-lifetime/unreleased-reference "`e` gets another value" help "Call `bpf_ringbuf_discard(e, 0);` at the end of the body of the loop in line 139" never "`if (e)"
		if (!e)
			break;
		e->at = i;
	}
	return 0;
}

SEC("tc")
int found_in_a_loop(struct __sk_buff *skb)
{
	struct event *e = 0;

	for (int i = 0; i < 3; i++) {
		e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
		if (e)
			break;
	}
	if (!e)
		return 0;
	e->at = 1;
	return 1; // want resource-lifetime/unreleased-reference "`e`" help "Call `bpf_ringbuf_discard(e, 0);` before this line" never "inside"
}

SEC("tc")
int tested_in_passing(struct __sk_buff *skb)
{
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);

	if (e)
		e->at = 3;
	return 0; // want resource-lifetime/unreleased-reference "`e`" help "Call `if (e) bpf_ringbuf_discard(e, 0);` before this line"
}

char _license[] SEC("license") = "GPL";
