// SPDX-License-Identifier: GPL-2.0-only
// bpf-lsp: --log-level 1
// Each condition doubles the number of paths: with 20 of them there are a
// million, and each ends with another index.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define OPTIONS 20

__u8 known[1 << OPTIONS];

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u8 options[OPTIONS];
	__u32 set = 0;

	if (bpf_skb_load_bytes(skb, 0, options, sizeof(options)))
		return 0;
#pragma clang loop unroll(full)
	for (int i = 0; i < OPTIONS; i++)
		if (options[i] == 4) // want verifier-limit/instructions "BPF program is too large. Processed 1000001 insn"
			set |= 1 << i;
	return known[set];
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u8 options[OPTIONS];
	__u32 set = 0;

	if (bpf_skb_load_bytes(skb, 0, options, sizeof(options)))
		return 0;
#pragma clang loop unroll(full)
	for (int i = 0; i < OPTIONS; i++)
		set |= (options[i] >> 2 & 1) << i;
	return known[set & sizeof(known) - 1];
}

char LICENSE[] SEC("license") = "GPL";
