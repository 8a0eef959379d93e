// SPDX-License-Identifier: GPL-2.0-only
// Compiled with CFLAGS=-mcpu=v2. Indexes that the compiler shifts and masks at once, so that only the offset in bytes is
// ever in a register.
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

struct row {
	__u64 packets, bytes;
};

struct row sizes[16];
__u32 classes[6];

SEC("tc")
int index_of_rows(struct __sk_buff *skb)
{
	__u16 len = skb->len;
	__u64 slot = len >> 6;

	sizes[slot].packets++; // want memory/out-of-bounds "`sizes` has 16 elements, and the index `slot` may be larger" help "Leave before this line where `slot` is too large: `if (slot > 15) return TC_ACT_OK;`" never "16368 here" never "248"
	return TC_ACT_OK;
}

SEC("tc")
int halved_index(struct __sk_buff *skb)
{
	__u16 mark = skb->mark;

	classes[mark >> 1]++; // want memory/out-of-bounds "`classes` has 6 elements, and the index `mark >> 1` may be larger" never " here, but"
	return TC_ACT_OK;
}

// The index is in a register of its own: its values are known.
SEC("tc")
int plain_index(struct __sk_buff *skb)
{
	__u64 slot = skb->mark & 63;

	sizes[slot].bytes++; // want memory/out-of-bounds "`slot` is 0 to 63 here, but `sizes` has 16 elements"
	return TC_ACT_OK;
}

char _license[] SEC("license") = "GPL";
