// SPDX-License-Identifier: GPL-2.0-only
// bpf-lsp: --target-kernel 7.3
// A dynptr of the program's own memory is submitted as a record. Linux 6.18
// says that nothing is owned; only later kernels look at the type first.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

__u64 message[8];

SEC("tc")
int bad(struct __sk_buff *skb)
{
	struct bpf_dynptr text;

	bpf_dynptr_from_mem(message, sizeof(message), 0, &text);
	bpf_ringbuf_submit_dynptr(&text, 0); // want call-type/dynptr-type-mismatch "Expected a dynptr of type ringbuf as R1"
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	struct bpf_dynptr text;

	bpf_ringbuf_reserve_dynptr(&events, sizeof(message), 0, &text);
	bpf_dynptr_write(&text, 0, message, sizeof(message), 0);
	bpf_ringbuf_submit_dynptr(&text, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
