// SPDX-License-Identifier: GPL-2.0-only
// The pointer was moved before the record is submitted.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u32 *out = bpf_ringbuf_reserve(&events, 2 * sizeof(*out), 0);

	if (!out)
		return 0;
	*out++ = skb->ifindex;
	*out = skb->len;
	bpf_ringbuf_submit(out, 0); // want resource-lifetime/release-with-offset "must have zero offset when passed to release func or trusted arg to kfunc"
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u32 *out = bpf_ringbuf_reserve(&events, 2 * sizeof(*out), 0);

	if (!out)
		return 0;
	out[0] = skb->ifindex;
	out[1] = skb->len;
	bpf_ringbuf_submit(out, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
