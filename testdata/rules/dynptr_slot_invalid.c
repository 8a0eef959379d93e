// SPDX-License-Identifier: GPL-2.0-only
// A packed struct puts the dynptr at a place that is not aligned to 8 bytes.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern int bpf_dynptr_from_skb(struct __sk_buff *skb, __u64 flags, struct bpf_dynptr *ptr) __ksym;
extern __u32 bpf_dynptr_size(const struct bpf_dynptr *ptr) __ksym;

SEC("tc")
int bad(struct __sk_buff *skb)
{
	struct {
		__u32 mark;
		struct bpf_dynptr packet;
	} __attribute__((packed, aligned(8))) seen = { .mark = skb->mark };

	bpf_dynptr_from_skb(skb, 0, (void *)&seen + sizeof(seen.mark)); // want resource-lifetime/dynptr-slot-invalid "cannot pass in dynptr at an offset="
	return seen.mark == bpf_dynptr_size((void *)&seen + sizeof(seen.mark));
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	struct {
		__u32 mark;
		struct bpf_dynptr packet;
	} seen = { .mark = skb->mark };

	bpf_dynptr_from_skb(skb, 0, &seen.packet);
	return seen.mark == bpf_dynptr_size(&seen.packet);
}

char LICENSE[] SEC("license") = "GPL";
