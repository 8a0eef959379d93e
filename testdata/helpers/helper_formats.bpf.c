// SPDX-License-Identifier: GPL-2.0-only
// Formats of bpf_snprintf().
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

SEC("kprobe/x")
int plain(void *c)
{
	char b[32];
	__u64 a[2] = { 1, 2 };

	return bpf_snprintf(b, 32, "%d %s\n", a, 16);
}

SEC("kprobe/x")
int too_few_arguments(void *c)
{
	char b[32];
	__u64 a[2] = { 1, 2 };

	return bpf_snprintf(b, 32, "%d %d %d", a, 16);
}

SEC("kprobe/x")
int size_no_multiple(void *c)
{
	char b[32];
	__u64 a[2] = { 1, 2 };

	return bpf_snprintf(b, 32, "%d", a, 12);
}

SEC("kprobe/x")
int unknown_pointer(void *c)
{
	char b[32];
	__u64 a[2] = { 1, 2 };

	return bpf_snprintf(b, 32, "%pq", a, 8);
}

SEC("kprobe/x")
int all_kinds(void *c)
{
	char b[32];
	__u64 a[8] = { 1, 2 };

	return bpf_snprintf(b, 32, "%pks %pI4 %08llx %-3c %p %pB. %%", a, 64);
}

SEC("kprobe/x")
int control_character(void *c)
{
	char b[32];
	__u64 a[1] = { 1 };

	return bpf_snprintf(b, 32, "\x01%d", a, 8);
}

SEC("kprobe/x")
int utf8_text(void *c)
{
	char b[32];
	__u64 a[1] = { 1 };

	return bpf_snprintf(b, 32, "\xc3\xa4%d", a, 8);
}

SEC("kprobe/x")
int utf8_conversion(void *c)
{
	char b[32];
	__u64 a[1] = { 1 };

	return bpf_snprintf(b, 32, "%\xc3", a, 8);
}

SEC("kprobe/x")
int letter_behind_string(void *c)
{
	return bpf_snprintf(0, 0, "%sa", 0, 8);
}

SEC("kprobe/x")
int no_arguments(void *c)
{
	return bpf_snprintf(0, 0, "%s", 0, 0);
}

SEC("kprobe/x")
int no_conversion(void *c)
{
	return bpf_snprintf(0, 0, "abc", 0, 0);
}

SEC("kprobe/x")
int address_without_pointer(void *c)
{
	char b[32];
	__u64 a[1] = { 1 };

	return bpf_snprintf(b, 32, "%i4", a, 8);
}

SEC("kprobe/x")
int three_longs(void *c)
{
	char b[32];
	__u64 a[1] = { 1 };

	return bpf_snprintf(b, 32, "%lllx", a, 8);
}

SEC("kprobe/x")
int percent_at_end(void *c)
{
	char b[32];
	__u64 a[1] = { 1 };

	return bpf_snprintf(b, 32, "%", a, 8);
}

SEC("kprobe/x")
int vprintk(void *c)
{
	__u64 a[4] = {};

	return bpf_trace_vprintk("x", 2, a, 32);
}
