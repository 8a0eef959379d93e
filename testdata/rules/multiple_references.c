// SPDX-License-Identifier: GPL-2.0-only
// Stores one record under another. Each is a resource that the program owns, and
// the verifier can only follow one per call.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u64);
	__type(value, __u64);
} sums SEC(".maps");

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u64 *key = bpf_ringbuf_reserve(&events, sizeof(*key), 0), *sum;

	if (!key)
		return 0;
	*key = skb->mark;
	sum = bpf_ringbuf_reserve(&events, sizeof(*sum), 0); // note "A ring buffer record is reserved here by bpf_ringbuf_reserve()"
	if (sum) {
		*sum = skb->len;
		bpf_map_update_elem(&sums, key, sum, BPF_ANY); // want call-type/multiple-references "more than one arg with ref_obj_id R3"
		bpf_ringbuf_submit(sum, 0);
	}
	bpf_ringbuf_submit(key, 0);
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u64 *key = bpf_ringbuf_reserve(&events, sizeof(*key), 0), sum;

	if (!key)
		return 0;
	*key = skb->mark;
	sum = skb->len;
	bpf_map_update_elem(&sums, key, &sum, BPF_ANY);
	bpf_ringbuf_submit(key, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
