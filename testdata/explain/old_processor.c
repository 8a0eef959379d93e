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

SEC("tp/syscalls/sys_enter_execve")
int appends_the_rest(__u64 *ctx)
{
	__u32 key = 0, used;
	char *text = bpf_map_lookup_elem(&texts, &key);

	if (!text)
		return 0;
	used = bpf_probe_read_user_str(text, 512, (void *)ctx[2]);
	if (used > 512)
		return 0;
	bpf_probe_read_user_str(text + used, 512 - used, (void *)ctx[3]); // want call-type/memory-length-range "up to" help "Limit `used` by a constant, and pass a length of its own" "such as 256 for each" "`used` has to be a variable of 64 bits for that, or the file compiled with `-mcpu=v3`"
	return 0;
}

SEC("tp/syscalls/sys_enter_execve")
int appends_a_half(__u64 *ctx)
{
	__u32 key = 0;
	__u64 used;
	char *text = bpf_map_lookup_elem(&texts, &key);

	if (!text)
		return 0;
	used = bpf_probe_read_user_str(text, 512, (void *)ctx[2]);
	if (used > 256)
		return 0;
	bpf_probe_read_user_str(text + used, 256, (void *)ctx[3]);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
