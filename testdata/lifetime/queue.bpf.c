// SPDX-License-Identifier: GPL-2.0-only
// bpf-lsp: --btf ../lifetime/kernel.o
// Queueing disciplines own the packets that they are handed. No kernel that was
// asked has them.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct sk_buff {
	unsigned int len;
} __attribute__((preserve_access_index));
struct bpf_sk_buff_ptr {
	struct sk_buff *skb;
} __attribute__((preserve_access_index));
struct Qdisc {
	unsigned int limit;
} __attribute__((preserve_access_index));
struct Qdisc_ops {
	int (*enqueue)(struct sk_buff *skb, struct Qdisc *sch, struct bpf_sk_buff_ptr *to_free);
};

extern void bpf_kfree_skb(struct sk_buff *skb) __ksym;
extern int bpf_dynptr_from_skb(struct sk_buff *skb, __u64 flags, struct bpf_dynptr *ptr) __ksym;
extern __u32 bpf_dynptr_size(const struct bpf_dynptr *ptr) __ksym;
extern void *bpf_dynptr_slice(const struct bpf_dynptr *ptr, __u64 offset, void *buffer, __u64 size) __ksym;

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} next SEC(".maps");

SEC("struct_ops")
int dynptr_after_packet(unsigned long long *args)
{
	struct sk_buff *skb = (struct sk_buff *)args[0];
	struct bpf_dynptr packet;

	bpf_dynptr_from_skb(skb, 0, &packet);
	bpf_kfree_skb(skb);
	return bpf_dynptr_size(&packet) > 0; // want-7.3 resource-lifetime/uninitialized-dynptr "Expected an initialized dynptr as R1"
}

SEC("struct_ops")
int dynptr_before_packet(unsigned long long *args)
{
	struct sk_buff *skb = (struct sk_buff *)args[0];
	struct bpf_dynptr packet;
	int filled;

	bpf_dynptr_from_skb(skb, 0, &packet);
	filled = bpf_dynptr_size(&packet) > 0;
	bpf_kfree_skb(skb);
	return filled;
}

SEC("struct_ops")
int packet_kept(unsigned long long *args)
{
	return 1; // want-6.18 resource-lifetime/unreleased-reference "Unreleased reference id=1 alloc_insn=0" // want-7.3 resource-lifetime/unreleased-reference "Unreleased reference id=1 alloc_insn=0"
}

SEC("struct_ops")
int packet_passed_on(unsigned long long *args) // want-6.18 program-structure/struct-ops-member "program with __ref argument cannot tail call" // want-7.3 program-structure/struct-ops-member "program with __ref argument cannot tail call"
{
	bpf_tail_call(args, &next, 0);
	return 1;
}

// The size of a slice is a constant also where there is no buffer for it.
SEC("struct_ops")
int slice_without_buffer(unsigned long long *args)
{
	struct sk_buff *skb = (struct sk_buff *)args[0];
	struct bpf_dynptr packet;
	char *head;
	int first = 0;

	bpf_dynptr_from_skb(skb, 0, &packet);
	head = bpf_dynptr_slice(&packet, 0, 0, 8);
	if (head)
		first = head[7];
	bpf_kfree_skb(skb);
	return first & 1;
}

SEC("struct_ops")
int slice_of_any_size(unsigned long long *args)
{
	struct sk_buff *skb = (struct sk_buff *)args[0];
	struct bpf_dynptr packet;

	bpf_dynptr_from_skb(skb, 0, &packet);
	bpf_dynptr_slice(&packet, 0, 0, skb->len); // want-6.18 call-type/non-constant-argument "R4 must be a known constant" // want-7.3 call-type/non-constant-argument "R4 must be a known constant"
	bpf_kfree_skb(skb);
	return 0;
}

#define QUEUE(name) SEC(".struct_ops.link") struct Qdisc_ops name##_ops = { .enqueue = (void *)name }
QUEUE(dynptr_after_packet);
QUEUE(dynptr_before_packet);
QUEUE(packet_kept);
QUEUE(packet_passed_on);
QUEUE(slice_without_buffer);
QUEUE(slice_of_any_size);
