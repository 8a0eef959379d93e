// SPDX-License-Identifier: GPL-2.0-only
// A program has to return a value.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__u64 packets;

SEC("xdp")
void returns_nothing(struct xdp_md *ctx)
{
	packets++;
} // want register-type/unreadable-register "The return value is used here, but returns_nothing() is declared `void`." help "Declare returns_nothing() `int`, and return a value" never "Give the variable"

SEC("xdp")
int returns_a_verdict(struct xdp_md *ctx)
{
	packets++;
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
