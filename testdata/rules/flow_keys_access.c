// SPDX-License-Identifier: GPL-2.0-only
// Dissects flows. The keys are one structure, not an array of them.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("flow_dissector")
int bad(struct __sk_buff *skb)
{
	struct bpf_flow_keys *keys = skb->flow_keys;

	keys[1].nhoff = 14; // want memory/flow-keys-access "invalid access to flow keys off=56 size=2"
	return BPF_OK;
}

SEC("flow_dissector")
int fixed(struct __sk_buff *skb)
{
	struct bpf_flow_keys *keys = skb->flow_keys;

	keys->nhoff = 14;
	return BPF_OK;
}

char LICENSE[] SEC("license") = "GPL";
