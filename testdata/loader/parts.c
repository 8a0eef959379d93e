// SPDX-License-Identifier: GPL-2.0-only
// A part of a larger object: some programs use what another part defines. And a static program, which libbpf does not load.
#include "loader.h"

extern int elsewhere(int x);
extern const volatile __u32 setting;

static __noinline int through(int x)
{
	return elsewhere(x + 1);
}

SEC("xdp") int calls(void *ctx)
{
	return elsewhere(1) & 1;
}

SEC("xdp") int calls_through(void *ctx)
{
	return through(2) & 1;
}

SEC("tc") int reads(void *ctx)
{
	return setting & 1;
}

SEC("xdp") int whole(void *ctx)
{
	return 2;
}

SEC("xdp") static int hidden_whole(void *ctx)
{
	return bpf_ktime_get_ns() & 1;
}
