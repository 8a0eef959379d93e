// SPDX-License-Identifier: GPL-2.0-only
// Compiled with CFLAGS=-mcpu=v2. The compiler tests a copy of a 32-bit variable, and keeps the used one apart by a mask
// or by shifts of its own.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>

struct reading {
	__u64 pad;
	long nr, port, level;
};

__u32 hits[60];
__u64 totals[250];
char label[96];
__u64 slots[40] SEC(".bss.slots");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__type(key, int);
	__type(value, int);
} samples SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_listen")
int both_ends_tested(struct reading *ctx)
{
	int port = ctx->port;

	if (port > -1 && port <= 59)
		hits[port]++;
	return 0;
}

SEC("tracepoint/syscalls/sys_enter_listen")
int both_ends_of_eight_bytes(struct reading *ctx)
{
	int level = ctx->level;

	if (level >= 0 && level < 250)
		totals[level]++;
	return 0;
}

SEC("tracepoint/syscalls/sys_enter_listen")
int both_ends_masked(struct reading *ctx)
{
	int level = ctx->level;

	if (level >= 0 && level < 40)
		slots[level] += 2; // want memory/out-of-bounds "not inside `slots`. The condition" "tests a copy of `level` that is cut to 32 bits: the copy is 0 to 39 since then" "(`level & 63`)" help "`-mcpu=v3`" never "compare the same variable" "is 0 to 63 here"
	return 0;
}

SEC("tracepoint/syscalls/sys_enter_listen")
int masked_by_the_source(struct reading *ctx)
{
	int level = ctx->level & 63;

	slots[level] += 2; // want memory/out-of-bounds "`level` is 0 to 63 here, but `slots` has 40 elements" never "a copy of"
	return 0;
}

SEC("tracepoint/syscalls/sys_enter_listen")
int both_ends_of_long(struct reading *ctx)
{
	long level = ctx->level;

	if (level >= 0 && level < 250)
		totals[level]++;
	return 0;
}

SEC("kprobe/do_exit")
int closed_by_hand_with_long(struct pt_regs *ctx)
{
	char comm[32];
	long n = bpf_probe_read_kernel_str(comm, sizeof(comm), label);

	if (n > 31)
		return 0;
	if (n > 0)
		comm[n] = '!';
	bpf_probe_read_kernel(label, sizeof(comm), comm);
	return 0;
}

SEC("kprobe/do_exit")
int length_in_a_long(struct pt_regs *ctx)
{
	char text[80] = {};
	long len = bpf_probe_read_kernel_str(text, sizeof(text), label);

	if (len > 80)
		return 0;
	if (len < 0)
		return 0;
	bpf_perf_event_output(ctx, &samples, BPF_F_CURRENT_CPU, text, len);
	return 0;
}

SEC("tracepoint/syscalls/sys_enter_listen")
int both_ends_leave(struct reading *ctx)
{
	int level = ctx->level;

	if (level < 0)
		return 0;
	if (level > 249)
		return 0;
	totals[level] += 3; // want register-type/pointer-offset-unsafe "a copy of `level` that is cut to 32 bits: the copy is 0 to 249 since then" help "`-mcpu=v3`" never "so `level` is"
	return 0;
}

SEC("tracepoint/syscalls/sys_enter_listen")
int upper_end_tested(struct reading *ctx)
{
	int port = ctx->port;

	if (port > 59)
		return 0;
	hits[port] += 2; // want register-type/pointer-offset-unsafe "`port` is a signed `int`" help "`if (port < 0) return 0;`, and make `port` a variable of 64 bits or compile with `-mcpu=v3`"
	return 0;
}

SEC("tracepoint/syscalls/sys_enter_listen")
int upper_end_of_long(struct reading *ctx)
{
	long port = ctx->port;

	if (port > 59)
		return 0;
	hits[port] += 2; // want register-type/pointer-offset-unsafe "`port` is a signed `long`" help "`if (port < 0) return 0;`" never "-mcpu" "copy"
	return 0;
}

SEC("kprobe/do_exit")
int closed_by_hand(struct pt_regs *ctx)
{
	char comm[32];
	int n = bpf_probe_read_kernel_str(comm, sizeof(comm), label);

	if (n > 0)
		comm[n] = '!'; // want memory/stack-out-of-bounds "tests a copy of `n` that is cut to 32 bits: the copy is 1 to 32 since then" "`n & 2147483647`" "32 is possible, and only up to 31 are" help "Make `n` a variable of 64 bits" "`if (n > 31) return 0;`" never "so `n` is"
	bpf_probe_read_kernel(label, sizeof(comm), comm);
	return 0;
}

SEC("kprobe/do_exit")
int length_of_output(struct pt_regs *ctx)
{
	char text[80] = {};
	int len = bpf_probe_read_kernel_str(text, sizeof(text), label);

	if (len > 80)
		return 0;
	bpf_perf_event_output(ctx, &samples, BPF_F_CURRENT_CPU, text, len); // want call-type/negative-size "`len` may be negative: it is -4095 to 80" help "`if (len < 0) return 0;`, and make `len` a variable of 64 bits"
	return 0;
}

SEC("kprobe/do_exit")
int length_tested_whole(struct pt_regs *ctx)
{
	char text[80] = {};
	int len = bpf_probe_read_kernel_str(text, sizeof(text), label);

	if (len < 0 || len > 80)
		return 0;
	bpf_perf_event_output(ctx, &samples, BPF_F_CURRENT_CPU, text, len); // want call-type/negative-size "tests a copy of `len`" help "`-mcpu=v3`" never "so `len` is"
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
