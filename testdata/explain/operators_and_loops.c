// SPDX-License-Identifier: GPL-2.0-only
// Operators that pointers do not take, and loops that are too long or do not end for the verifier.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, char[256]);
} pages SEC(".maps");

SEC("tc")
int rounded_value(struct __sk_buff *skb)
{
	__u32 zero = 0;
	char *page = bpf_map_lookup_elem(&pages, &zero), *line;

	if (!page)
		return 0;
	line = (char *)((__u64)page & 0x7fffffffffc0ull); // want register-type/pointer-offset-unsafe "Operator not possible on a pointer: `page`, a map value, is a pointer, and `&` cannot be applied to it" help "Leave `&` out here, or apply it to the offset" never "moved by an amount" "limit"
	return *line;
}

SEC("tc")
int sum_of_addresses(struct __sk_buff *skb)
{
	__u32 zero = 0;
	char *page = bpf_map_lookup_elem(&pages, &zero), *data = (void *)(long)skb->data;

	if (!page)
		return 0;
	return *(char *)((__u64)data + (__u64)page); // want register-type/pointer-pointer-arith "`data` and `page` are both pointers, and `+` takes a pointer and a number" never "+="
}

SEC("tc")
int as_many_as_the_packet_says(struct __sk_buff *skb)
{
	__u32 rounds = skb->mark, odd = 0;

	for (__u32 at = 0; at < rounds; at++) // note "the path is in this loop"
		odd ^= bpf_ktime_get_ns(); // want verifier-limit/instructions "the last one was in the loop in line 41 (`at < rounds`). `rounds`, which is to end it, may be up to 4294967295" help "such as `at < rounds && at < 256` in line 41" never "comes from bpf_ktime_get_ns"
	return odd;
}

SEC("xdp")
int every_pair(struct xdp_md *ctx)
{
	__u64 found = 0;

	for (int row = 0; row < 900; row++) { // note "the path is in this loop"
		for (int col = 0; col < 700; col++) { // note "the path is in this loop"
			if (bpf_get_prandom_u32() == row) // want verifier-limit/pending-branches "in the loop in line 52 (`col < 700`), inside of the loop in line 51 (`row < 900`)" "Together they run up to 630000 rounds" help "fewer rounds" never "unroll"
				found++;
		}
	}
	return found > 3;
}

SEC("xdp")
int until_it_succeeds(struct xdp_md *ctx)
{
	int left = 5;

	while (left > 0) { // note "the loop is to end by this condition"
		if (bpf_get_prandom_u32() > 1000) // want verifier-limit/infinite-loop "`left`, which the condition in line 65 tests, stays the same where `bpf_get_prandom_u32() > 1000` in line 66 is false" help "Change the variable in every round" never "never end"
			left--;
	}
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
