// SPDX-License-Identifier: GPL-2.0-only
// Changes the type of Ethernet frames. A slice is for reading, unless it is asked
// for with bpf_dynptr_slice_rdwr().
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

extern int bpf_dynptr_from_skb(struct __sk_buff *skb, __u64 flags, struct bpf_dynptr *p) __ksym;
extern void *bpf_dynptr_slice(const struct bpf_dynptr *p, __u64 off, void *buf, __u64 size) __ksym;
extern void *bpf_dynptr_slice_rdwr(const struct bpf_dynptr *p, __u64 off, void *buf, __u64 size) __ksym;

SEC("tc")
int bad(struct __sk_buff *skb)
{
	struct bpf_dynptr packet;
	struct ethhdr buf, *eth;

	bpf_dynptr_from_skb(skb, 0, &packet);
	eth = bpf_dynptr_slice(&packet, 0, &buf, sizeof(buf));
	if (eth)
		eth->h_proto = 0; // want memory/read-only-memory "cannot write into rdonly_mem"
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	struct bpf_dynptr packet;
	struct ethhdr buf, *eth;

	bpf_dynptr_from_skb(skb, 0, &packet);
	eth = bpf_dynptr_slice_rdwr(&packet, 0, &buf, sizeof(buf));
	if (eth)
		eth->h_proto = 0;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
