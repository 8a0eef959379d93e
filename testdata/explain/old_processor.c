// SPDX-License-Identifier: GPL-2.0-only
// Compiled with CFLAGS=-mcpu=v2, whose tests are of 64 bits: a variable of 32 bits
// is extended in a copy first, and the copy is tested.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct item {
	__u32 kind, len;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, char[512]);
} texts SEC(".maps");

__u64 sum;

SEC("tc")
int items(struct __sk_buff *skb)
{
	__u32 zero = 0, at = 0;
	char *text = bpf_map_lookup_elem(&texts, &zero);

	if (!text)
		return 0;
	for (int i = 0; i < 40; i++) {
		struct item *it;

		if (at > 500)
			return 0;
		it = (struct item *)(text + at);
		sum += it->kind; // want memory/unbounded-offset "`at`" "a copy of `at` that is cut to 32 bits: the copy is 0 to 500 since then" help "`-mcpu=v3`"
		at += it->len;
	}
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
