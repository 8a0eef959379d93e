// SPDX-License-Identifier: GPL-2.0-only
// bpf-lsp: --log-level 1 --max-log 1000
// Each round leaves a branch open that the verifier has to come back to. More
// than 8192 may not wait.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__u64 odd;

SEC("tc")
int bad(struct __sk_buff *skb)
{
	for (int i = 0; i < 9000; i++)
		if (bpf_get_prandom_u32() % 3 == 1) // want verifier-limit/pending-branches "The sequence of 8193 jumps is too complex."
			odd++;
	return 0;
}

static int count_odd(__u32 i, void *unused)
{
	if (bpf_get_prandom_u32() % 3 == 1)
		odd++;
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	bpf_loop(9000, count_odd, NULL, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
