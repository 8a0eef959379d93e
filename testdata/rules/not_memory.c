// SPDX-License-Identifier: GPL-2.0-only
// Reads the first bytes of a packet. The buffer is for packets that are in pieces,
// and must be memory of the program.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern int bpf_dynptr_from_skb(struct __sk_buff *skb, __u64 flags, struct bpf_dynptr *p) __ksym;
extern void *bpf_dynptr_slice(const struct bpf_dynptr *p, __u64 off, void *buf, __u64 size) __ksym;

SEC("tc")
int bad(struct __sk_buff *skb)
{
	struct bpf_dynptr packet;
	__u8 *head;

	bpf_dynptr_from_skb(skb, 0, &packet);
	head = bpf_dynptr_slice(&packet, 0, skb, 14); // want call-type/not-memory "R3 type=ctx expected=fp"
	return head ? head[0] : 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	struct bpf_dynptr packet;
	__u8 buf[14], *head;

	bpf_dynptr_from_skb(skb, 0, &packet);
	head = bpf_dynptr_slice(&packet, 0, buf, sizeof(buf));
	return head ? head[0] : 0;
}

char LICENSE[] SEC("license") = "GPL";
