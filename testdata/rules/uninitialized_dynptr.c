// SPDX-License-Identifier: GPL-2.0-only
// A record is written to after it was submitted.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

SEC("tc")
int bad(struct __sk_buff *skb)
{
	struct bpf_dynptr record;
	__u32 len = skb->len;

	bpf_ringbuf_reserve_dynptr(&events, sizeof(len), 0, &record);
	bpf_ringbuf_submit_dynptr(&record, 0);
	bpf_dynptr_write(&record, 0, &len, sizeof(len), 0); // want resource-lifetime/uninitialized-dynptr "Expected an initialized dynptr as"
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	struct bpf_dynptr record;
	__u32 len = skb->len;

	bpf_ringbuf_reserve_dynptr(&events, sizeof(len), 0, &record);
	bpf_dynptr_write(&record, 0, &len, sizeof(len), 0);
	bpf_ringbuf_submit_dynptr(&record, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
