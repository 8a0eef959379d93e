// SPDX-License-Identifier: GPL-2.0-only
// Looks for a port and goes on with the program for it. Inside of a callback the
// tail call is one that Linux 6.18 itself fails on.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 16);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} programs SEC(".maps");

struct search {
	struct __sk_buff *skb;
	__u32 port, found;
};

static int follow(__u32 i, struct search *search)
{
	if (i == search->port)
		bpf_tail_call(search->skb, &programs, i); // want verifier-internal/kernel-fault "verifier bug: callback unexpected regs 1"
	return 0;
}

static int find(__u32 i, struct search *search)
{
	if (i == search->port)
		search->found = i;
	return 0;
}

SEC("tc")
int bad(struct __sk_buff *skb)
{
	struct search search = {.skb = skb, .port = skb->mark & 15};

	bpf_loop(16, follow, &search, 0);
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	struct search search = {.skb = skb, .port = skb->mark & 15};

	bpf_loop(16, find, &search, 0);
	bpf_tail_call(skb, &programs, search.found);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
