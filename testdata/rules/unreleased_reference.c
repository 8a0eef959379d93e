// SPDX-License-Identifier: GPL-2.0-only
// An early return keeps a record of the ring buffer.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u32 *len = bpf_ringbuf_reserve(&events, sizeof(*len), 0); // note "`len` is reserved here"

	if (!len)
		return 0;
	if (skb->len == 0)
		return 0; // want resource-lifetime/unreleased-reference "Unreleased reference id="
	*len = skb->len;
	bpf_ringbuf_submit(len, 0);
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u32 *len = bpf_ringbuf_reserve(&events, sizeof(*len), 0);

	if (!len)
		return 0;
	if (skb->len == 0) {
		bpf_ringbuf_discard(len, 0);
		return 0;
	}
	*len = skb->len;
	bpf_ringbuf_submit(len, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
