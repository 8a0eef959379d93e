// SPDX-License-Identifier: GPL-2.0-only
// Looks at the first bytes of packets, however many there are. The size of a slice
// says how much may be read, so it must be known when the program is verified.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern int bpf_dynptr_from_skb(struct __sk_buff *skb, __u64 flags, struct bpf_dynptr *p) __ksym;
extern void *bpf_dynptr_slice(const struct bpf_dynptr *p, __u64 off, void *buf, __u64 size) __ksym;

SEC("tc")
int bad(struct __sk_buff *skb)
{
	struct bpf_dynptr packet;
	__u8 buf[64], *head;
	__u32 size = skb->len;

	if (size > sizeof(buf))
		size = sizeof(buf);
	bpf_dynptr_from_skb(skb, 0, &packet);
	head = bpf_dynptr_slice(&packet, 0, buf, size); // want call-type/non-constant-size "R4 must be a known constant"
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
