// SPDX-License-Identifier: GPL-2.0-only
// A dynptr cannot be kept in a map, not even in a global variable.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern int bpf_dynptr_from_skb(struct __sk_buff *skb, __u64 flags, struct bpf_dynptr *ptr) __ksym;
extern __u32 bpf_dynptr_size(const struct bpf_dynptr *ptr) __ksym;

struct bpf_dynptr packet;
__u64 bytes;

SEC("tc")
int bad(struct __sk_buff *skb)
{
	bpf_dynptr_from_skb(skb, 0, &packet); // want call-type/dynptr-argument "expected pointer to stack or const struct bpf_dynptr"
	bytes += bpf_dynptr_size(&packet);
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	struct bpf_dynptr here;

	bpf_dynptr_from_skb(skb, 0, &here);
	bytes += bpf_dynptr_size(&here);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
