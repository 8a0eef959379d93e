// SPDX-License-Identifier: GPL-2.0-only
// Copies a name and ends it. A name that fills the buffer has its end behind it.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u32 len = skb->mark;
	char name[16];

	if (len > sizeof(name))
		return 0;
	bpf_skb_load_bytes(skb, 14, name, sizeof(name));
	name[len] = 0; // want memory/stack-out-of-bounds "invalid variable-offset write to stack"
	bpf_printk("%s", name);
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u32 len = skb->mark;
	char name[16];

	if (len >= sizeof(name))
		return 0;
	bpf_skb_load_bytes(skb, 14, name, sizeof(name));
	name[len] = 0;
	bpf_printk("%s", name);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
