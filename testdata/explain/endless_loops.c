// SPDX-License-Identifier: GPL-2.0-only
// Loops that end in C, and not for the verifier.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps");

volatile __u32 done;

SEC("tc")
int until_a_global(struct __sk_buff *skb)
{
	while (done < 10) // want verifier-limit/infinite-loop "the loop's condition in line 18 tests what it reads from the `volatile` variable `done` in each round, whose content the verifier does not follow" help "Count in a local variable and store it to `done`"
		done++;
	return 0;
}

SEC("xdp")
int passed_to_an_update(struct xdp_md *ctx)
{
	__u32 at = 0;
	__u64 one = 1;

	while (at < 50) {
		if (bpf_map_update_elem(&counts, &at, &one, BPF_ANY)) // want verifier-limit/infinite-loop "`at`, which the condition in line 29 tests, is kept in memory because its address is passed to bpf_map_update_elem() in line 30" help "`__u32 copy = at;`, then `&copy`"
			return XDP_DROP;
		at++;
	}
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";

struct progress {
	__u32 at, hits;
};

static __noinline int look(struct __sk_buff *skb, struct progress *p)
{
	__u8 byte = 0;

	if (bpf_skb_load_bytes(skb, p->at & 0xff, &byte, 1))
		return -1;
	if (byte == 3)
		p->hits++;
	bpf_get_prandom_u32();
	return byte == 0;
}

SEC("tc")
int counts_in_a_structure(struct __sk_buff *skb)
{
	struct progress p = {};

	while (p.at < 90) { // note "the loop is to end by this condition"
		if (look(skb, &p)) // want verifier-limit/infinite-loop "`p.at`, which the condition in line" "is part of `p`, whose address is passed to look() in line" help "Count the rounds in a local variable of its own" never "so it sees no end"
			break;
		p.at++;
	}
	return p.hits > 2;
}

SEC("tc")
int tests_a_map_in_the_body(struct __sk_buff *skb)
{
	__u32 slot = 0;
	__u64 *n;

	while (slot < 5000) {
		n = bpf_map_lookup_elem(&counts, &slot);
		if (n && *n)
			*n = 0; // want verifier-limit/infinite-loop "`slot`, which the condition in line" "its address is passed to bpf_map_lookup_elem()" never "from the value of map"
		slot++;
	}
	return 0;
}
