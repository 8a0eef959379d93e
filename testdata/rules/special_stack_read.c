// SPDX-License-Identifier: GPL-2.0-only
// Looks whether a ring buffer record was reserved. What a dynptr holds is the
// kernel's own; functions tell about it.
#include <stdbool.h>
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern bool bpf_dynptr_is_null(const struct bpf_dynptr *p) __ksym;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

SEC("tc")
int bad(struct __sk_buff *skb)
{
	struct bpf_dynptr record;
	int reserved;

	bpf_ringbuf_reserve_dynptr(&events, 64, 0, &record);
	reserved = *(volatile __u64 *)&record != 0; // want memory/special-stack-read "invalid read from stack off -16+0 size 8"
	bpf_ringbuf_discard_dynptr(&record, 0);
	return reserved;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	struct bpf_dynptr record;
	int reserved;

	bpf_ringbuf_reserve_dynptr(&events, 64, 0, &record);
	reserved = !bpf_dynptr_is_null(&record);
	bpf_ringbuf_discard_dynptr(&record, 0);
	return reserved;
}

char LICENSE[] SEC("license") = "GPL";
