// SPDX-License-Identifier: GPL-2.0-only
// Loading a 64-bit constant takes the room of two instructions, which a jump by
// an offset has to count.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u64 mask = 0;

	asm volatile("if %[mark] == 0 goto +1;" // want program-structure/jump-into-ldimm64 "jump into the middle of ldimm64 insn"
		     "%[mask] = 0xffff00000000 ll;"
		     : [mask] "+r"(mask) : [mark] "r"(skb->mark));
	return (skb->tstamp & mask) != 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u64 mask = 0;

	asm volatile("if %[mark] == 0 goto +2;"
		     "%[mask] = 0xffff00000000 ll;"
		     : [mask] "+r"(mask) : [mark] "r"(skb->mark));
	return (skb->tstamp & mask) != 0;
}

char LICENSE[] SEC("license") = "GPL";
