// SPDX-License-Identifier: GPL-2.0-only
// bpf-lsp: --unprivileged
// clang: -mcpu=v4
// Tells packets apart by the low half of their addresses. Without privileges a
// program must not take an address to pieces.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __s64);
	__type(value, __u64);
} seen SEC(".maps");

SEC("socket")
int bad(struct __sk_buff *skb)
{
	__s64 id = (int)(unsigned long)skb; // want register-type/partial-pointer-copy "sign-extension part of pointer"

	return bpf_map_lookup_elem(&seen, &id) != NULL;
}

SEC("socket")
int fixed(struct __sk_buff *skb)
{
	__s64 id = skb->hash;

	return bpf_map_lookup_elem(&seen, &id) != NULL;
}

char LICENSE[] SEC("license") = "GPL";
