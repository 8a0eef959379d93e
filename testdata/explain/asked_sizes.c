// SPDX-License-Identifier: GPL-2.0-only
// Memory that was asked for with a size that is too small, and sizes that may be negative.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>

struct head {
	__u32 kind;
};

struct sample {
	struct head head;
	__u32 cpu;
	__u64 at[3];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} samples SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, char[64]);
} names SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
} readers SEC(".maps");

SEC("tc")
int size_of_the_head(struct __sk_buff *skb)
{
	struct sample *s = bpf_ringbuf_reserve(&samples, sizeof(s->head), 0);

	if (!s)
		return 0;
	s->head.kind = 3;
	s->at[2] = skb->len; // want memory/out-of-bounds "what `s` points to, which has 4 bytes" "The call in line 38 asks for 4 bytes" help "Ask for at least 32 bytes in line 38, as `sizeof(*s)` does" never "mask" never "index"
	bpf_ringbuf_submit(s, 0);
	return 0;
}

SEC("tc")
int plain_bytes(struct __sk_buff *skb)
{
	char *bytes = bpf_ringbuf_reserve(&samples, 5, 0);

	if (!bytes)
		return 0;
	bytes[6] = 1; // want memory/out-of-bounds "The call in line 51 asks for 5 bytes" help "Ask for at least 7 bytes in line 51, or access no more than 5 bytes" never "sizeof" never "mask"
	bpf_ringbuf_submit(bytes, 0);
	return 0;
}

SEC("kprobe/do_exit")
int error_as_length(struct pt_regs *regs)
{
	__u32 zero = 0;
	char *name = bpf_map_lookup_elem(&names, &zero);

	if (!name)
		return 0;
	long n = bpf_probe_read_kernel_str(name, 64, (void *)regs->rdi);
	bpf_perf_event_output(regs, &readers, BPF_F_CURRENT_CPU, name, 8 + n); // want call-type/negative-size "`8 + n`, is a size" help "Check that the size is not below 0 before the call, or use an unsigned type and check its upper limit"
	return 0;
}

char _license[] SEC("license") = "GPL";
