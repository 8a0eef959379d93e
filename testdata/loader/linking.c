// SPDX-License-Identifier: GPL-2.0-only
// Subprograms: order, linkage, calls with and without relocations, callbacks.
#include "loader.h"

int sub_b(int x);

static __noinline int leaf(int x)
{
	return x * (int)bpf_ktime_get_ns();
}

__noinline int sub_a(int x)
{
	return sub_b(x) + leaf(x + 1);
}

__weak __noinline int sub_b(int x)
{
	return leaf(x) ^ x;
}

__hidden __noinline int sub_c(int x)
{
	return sub_b(x + 3);
}

static int step(__u32 i, int *sum)
{
	*sum += leaf(i);
	return 0;
}

SEC("xdp") int main_a(void *ctx)
{
	return sub_a(1) & 1;
}

SEC("tc") int main_b(void *ctx)
{
	return sub_c(2) + sub_a(3);
}

SEC("?syscall") int with_callback(void *ctx)
{
	int sum = 0;

	bpf_loop(4, step, &sum, 0);
	return sum;
}

__noinline int on_throw(__u64 cookie)
{
	return 0;
}

__tag("exception_callback:on_throw") __tag("comment:test_log_level=2")
__tag("comment:test_prog_flags=BPF_F_TEST_STATE_FREQ") __tag("comment:test_prog_flags=0x80")
SEC("tc") int with_exception(void *ctx)
{
	return leaf(5);
}

char _license[] SEC("license") = "Dual BSD/GPL";
