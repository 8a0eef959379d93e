// SPDX-License-Identifier: GPL-2.0-only
// Reserves a record as large as the packet. How large a record is must be known
// when the program is verified.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

SEC("tc")
int bad(struct __sk_buff *skb)
{
	void *record = bpf_ringbuf_reserve(&events, skb->len, 0); // want call-type/non-constant-argument "R2 is not a known constant'"

	if (record)
		bpf_ringbuf_submit(record, 0);
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	void *record = bpf_ringbuf_reserve(&events, 64, 0);

	if (record)
		bpf_ringbuf_submit(record, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
