// SPDX-License-Identifier: GPL-2.0-only
// Programs that replace functions of the linked object.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("freplace/choose")
int choose_none(int n)
{
	return 0;
}

SEC("freplace/add")
int add_one(int a)
{
	return a + 1;
}

char LICENSE[] SEC("license") = "GPL";
