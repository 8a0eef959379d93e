// SPDX-License-Identifier: GPL-2.0-only
// Names whose headers are not included.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>

SEC("tc")
int swaps(struct __sk_buff *skb)
{
	return skb->protocol == bpf_htons(0x800); // fix include
}

SEC("tc")
int swaps_back(struct __sk_buff *skb)
{
	return bpf_ntohs(skb->protocol) == 0x806; // fix include
}

SEC("kprobe/do_nanosleep")
int argument(struct pt_regs *ctx)
{
	return PT_REGS_PARM1(ctx) == 7; // fix include
}

SEC("kprobe/do_nanosleep")
int second_argument(struct pt_regs *ctx)
{
	return PT_REGS_PARM2(ctx) == 7; // fix include
}

SEC("kretprobe/do_nanosleep")
int result(struct pt_regs *ctx)
{
	return PT_REGS_RC(ctx) == 7; // fix include
}

char LICENSE[] SEC("license") = "GPL";
