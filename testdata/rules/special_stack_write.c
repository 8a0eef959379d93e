// SPDX-License-Identifier: GPL-2.0-only
// Reads a header through a dynptr that lies behind it. The size given is that of
// both, so the read could overwrite the dynptr.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern int bpf_dynptr_from_skb(struct __sk_buff *skb, __u64 flags, struct bpf_dynptr *p) __ksym;

struct packet {
	__u8 header[16];
	struct bpf_dynptr data;
};

SEC("tc")
int bad(struct __sk_buff *skb)
{
	struct packet p = {};

	bpf_dynptr_from_skb(skb, 0, &p.data);
	bpf_dynptr_read(p.header, sizeof(p), &p.data, 0, 0); // want memory/special-stack-write "potential write to dynptr at off=-16 disallowed"
	return p.header[0];
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	struct packet p = {};

	bpf_dynptr_from_skb(skb, 0, &p.data);
	bpf_dynptr_read(p.header, sizeof(p.header), &p.data, 0, 0);
	return p.header[0];
}

char LICENSE[] SEC("license") = "GPL";
