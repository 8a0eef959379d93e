// SPDX-License-Identifier: GPL-2.0-only
// Signed numbers, and tests of copies on a processor that has none of 32 bits.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct request {
	__u64 unused;
	long number;
	long fd;
};

__u64 calls[64];
__u64 closed[100];
__u8 flags[100];

SEC("tracepoint/syscalls/sys_enter_close")
int signed_number(struct request *r)
{
	int fd = r->fd;

	if (fd > 63)
		return 0;
	calls[fd]++; // fix limit
	return 0;
}

SEC("tracepoint/syscalls/sys_enter_close")
int tested_copy(struct request *r)
{
	int fd = r->fd;

	if (fd < 0 || fd > 99)
		return 0;
	closed[fd]++; // fix type
	return 0;
}

SEC("tracepoint/syscalls/sys_enter_close")
int around_the_access(struct request *r)
{
	int fd = r->fd;

	if (fd >= 0 && fd < 100)
		flags[fd] = 1; // fix type
	return 0;
}

SEC("tracepoint/syscalls/sys_enter_close")
int of_16_bits(struct request *r)
{
	short number = r->number;

	if (number < 0 || number > 63)
		return 0;
	calls[number]++; // fix type
	return 0;
}

SEC("tracepoint/syscalls/sys_enter_close")
int with_an_offset(struct request *r)
{
	int fd = r->fd;

	if (fd < 0 || fd > 90)
		return 0;
	closed[fd] = flags[fd]; // fix type
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
