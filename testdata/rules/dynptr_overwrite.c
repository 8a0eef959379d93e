// SPDX-License-Identifier: GPL-2.0-only
// A second record is reserved through the dynptr that still holds the first.
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

	bpf_ringbuf_reserve_dynptr(&events, 8, 0, &record);
	bpf_ringbuf_reserve_dynptr(&events, 64, 0, &record); // want resource-lifetime/dynptr-overwrite "cannot overwrite referenced dynptr"
	bpf_ringbuf_submit_dynptr(&record, 0);
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	struct bpf_dynptr record;

	bpf_ringbuf_reserve_dynptr(&events, 8, 0, &record);
	bpf_ringbuf_submit_dynptr(&record, 0);
	bpf_ringbuf_reserve_dynptr(&events, 64, 0, &record);
	bpf_ringbuf_submit_dynptr(&record, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
