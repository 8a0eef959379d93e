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
