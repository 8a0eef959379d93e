// SPDX-License-Identifier: GPL-2.0-only
// bpf-lsp: --unprivileged
// Stores a flow. Its structure has three bytes of padding after the protocol, and
// without privileges a program must not copy what the stack held before.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct flow {
	__u8 protocol;
	__u32 mark;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, struct flow);
} flows SEC(".maps");

SEC("socket")
int bad(struct __sk_buff *skb)
{
	__u32 key = 0;
	struct flow f;

	f.protocol = skb->protocol;
	f.mark = skb->mark;
	bpf_map_update_elem(&flows, &key, &f, BPF_ANY); // want memory/uninitialized-stack-read "invalid read from stack R3 off -12+1 size 8"
	return 0;
}

SEC("socket")
int fixed(struct __sk_buff *skb)
{
	__u32 key = 0;
	struct flow f;

	__builtin_memset(&f, 0, sizeof(f));
	f.protocol = skb->protocol;
	f.mark = skb->mark;
	bpf_map_update_elem(&flows, &key, &f, BPF_ANY);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
