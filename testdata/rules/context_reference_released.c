// SPDX-License-Identifier: GPL-2.0-only
// bpf-lsp: --btf ../lifetime/kernel.o
// A queueing discipline looks at the packet that it has just dropped.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

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

extern void bpf_qdisc_skb_drop(struct sk_buff *skb, struct bpf_sk_buff_ptr *to_free) __ksym;

__u64 dropped;

SEC("struct_ops")
int bad(unsigned long long *args)
{
	bpf_qdisc_skb_drop((struct sk_buff *)args[0], (struct bpf_sk_buff_ptr *)args[2]);
	barrier();
	dropped += ((struct sk_buff *)args[0])->len; // want resource-lifetime/context-reference-released "invalid bpf_context access off=0. Reference may already be released"
	return 1;
}

SEC("struct_ops")
int fixed(unsigned long long *args)
{
	struct sk_buff *skb = (struct sk_buff *)args[0];

	dropped += skb->len;
	bpf_qdisc_skb_drop(skb, (struct bpf_sk_buff_ptr *)args[2]);
	return 1;
}

SEC(".struct_ops.link")
struct Qdisc_ops first = { .enqueue = (void *)bad };
SEC(".struct_ops.link")
struct Qdisc_ops second = { .enqueue = (void *)fixed };

char LICENSE[] SEC("license") = "GPL";
