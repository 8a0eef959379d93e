// SPDX-License-Identifier: GPL-2.0-only
// Asks for the size of a packet. A dynptr is known to the verifier only while it is
// in a local variable.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern int bpf_dynptr_from_skb(struct __sk_buff *skb, __u64 flags, struct bpf_dynptr *p) __ksym;
extern __u32 bpf_dynptr_size(const struct bpf_dynptr *p) __ksym;

struct {
	__u64 space[2];
} packet_memory;

SEC("tc")
int bad(struct __sk_buff *skb)
{
	struct bpf_dynptr *packet = (void *)&packet_memory;

	return bpf_dynptr_size(packet); // want call-type/dynptr-argument "arg#0 expected pointer to stack or const struct bpf_dynptr"
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	struct bpf_dynptr packet;

	bpf_dynptr_from_skb(skb, 0, &packet);
	return bpf_dynptr_size(&packet);
}

char LICENSE[] SEC("license") = "GPL";
