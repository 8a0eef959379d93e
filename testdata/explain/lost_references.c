// SPDX-License-Identifier: GPL-2.0-only
// A leak is shown where the last copy of the reference goes, not where the program ends.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct event {
	__u64 at, len;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

static __noinline int report(__u32 len)
{
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0); // note "`e` is reserved here"

	if (!e)
		return 0;
	e->len = len;
	if (len > 1500)
		return 1; // want resource-lifetime/unreleased-reference "`e`, reserved by bpf_ringbuf_reserve() at line 17, is still owned when this path returns"
	bpf_ringbuf_submit(e, 0);
	return 0;
}

SEC("tc")
int in_function(struct __sk_buff *skb)
{
	int lost = report(skb->len);

	lost += report(skb->mark); // note "called here: report()"
	return lost ? 2 : 0;
}

SEC("tc")
int overwritten(struct __sk_buff *skb)
{
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0); // note "`e` is reserved here"

	if (skb->mark == 7)
		e = bpf_ringbuf_reserve(&events, sizeof(*e), BPF_RB_NO_WAKEUP); // want resource-lifetime/unreleased-reference "at line 40, is still owned when `e` gets another value" help "Call `if (e) bpf_ringbuf_discard(e, 0);` before this line"
	if (e)
		bpf_ringbuf_submit(e, 0);
	return 0;
}

SEC("tc")
int unchecked(struct __sk_buff *skb)
{
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);

	(void)e;
	return skb->len > 64 ? 2 : 0; // want resource-lifetime/unreleased-reference "`e`" help "`if (e) bpf_ringbuf_discard(e, 0);`"
}

SEC("tc")
int through_label(struct __sk_buff *skb)
{
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
	int verdict = 0;

	if (!e)
		goto out;
	if (skb->mark == 17) { // note "condition true"
		verdict = 2;
		goto out;
	}
	e->len = skb->len;
	bpf_ringbuf_submit(e, 0);
out:
	return verdict; // want resource-lifetime/unreleased-reference "`e`" help "Call `bpf_ringbuf_discard(e, 0);` before the `goto out` in line 68"
}

SEC("tc")
int joined_conditions(struct __sk_buff *skb)
{
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);

	if (!e || skb->len > 2000)
		return 0; // want resource-lifetime/unreleased-reference "`e`" help "`if (e) bpf_ringbuf_discard(e, 0);` before this line"
	e->len = skb->len;
	bpf_ringbuf_submit(e, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
