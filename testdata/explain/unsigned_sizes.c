// SPDX-License-Identifier: GPL-2.0-only
// An unsigned size has no limit; that it may be negative is how the verifier sees it.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct enter {
	__u64 pad, nr, fd, buf, count;
};

char text[64];

SEC("tracepoint/syscalls/sys_enter_write")
int copied(struct enter *ctx)
{
	__u64 count = ctx->count;

	bpf_probe_read_user(text, count, (void *)ctx->buf); // want call-type/negative-size "`count`, is a size without an upper limit" help "Compare it with the size of the memory" never "below zero" never "use an unsigned type"
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
