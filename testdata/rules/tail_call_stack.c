// SPDX-License-Identifier: GPL-2.0-only
// A tail call from a function keeps the stack of the callers in use, of which
// 256 bytes are allowed.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 8);
	__uint(key_size, 4);
	__uint(value_size, 4);
} stages SEC(".maps");

static __noinline int go_on(struct __sk_buff *skb, __u32 stage) // want verifier-limit/tail-call-stack "tail_calls are not allowed when call stack of previous frames is 256 bytes. Too large"
{
	bpf_tail_call(skb, &stages, stage & 7);
	return 0;
}

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u8 header[256];

	if (bpf_skb_load_bytes(skb, 0, header, sizeof(header)))
		return 0;
	return go_on(skb, header[0]);
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u8 header[64];

	if (bpf_skb_load_bytes(skb, 0, header, sizeof(header)))
		return 0;
	return go_on(skb, header[0]);
}

char LICENSE[] SEC("license") = "GPL";
