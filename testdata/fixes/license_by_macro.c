// SPDX-License-Identifier: GPL-2.0-only
// A license that a macro names.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define OURS "Apache-2.0"

const char our_license[] SEC("license") = OURS;

SEC("tc")
int now(struct __sk_buff *skb)
{
	bpf_trace_printk("now\n", 5); // choice license
	return 0;
}
