// SPDX-License-Identifier: GPL-2.0-only
// The local variables of a function and of those that it calls share 512 bytes.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u8[256]);
} scratch SEC(".maps");

static __noinline int checksum(struct __sk_buff *skb, __u32 offset) // want verifier-limit/stack-size "combined stack size of 2 calls is 528. Too large"
{
	__u8 bytes[272];

	if (bpf_skb_load_bytes(skb, offset, bytes, sizeof(bytes)))
		return 0;
	return bpf_csum_diff(NULL, 0, (__be32 *)bytes, sizeof(bytes), 0);
}

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u8 header[256];

	if (bpf_skb_load_bytes(skb, 0, header, sizeof(header)))
		return 0;
	return checksum(skb, header[0]);
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u32 key = 0;
	__u8 *header = bpf_map_lookup_elem(&scratch, &key);

	if (!header || bpf_skb_load_bytes(skb, 0, header, 256))
		return 0;
	return checksum(skb, header[0]);
}

char LICENSE[] SEC("license") = "GPL";
