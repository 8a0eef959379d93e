// SPDX-License-Identifier: GPL-2.0-only
// Compilers note a branch that two conditions share at one of them.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct sample {
	__u32 cpu, mark;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} samples SEC(".maps");

SEC("tc")
int second_return_leaks(struct __sk_buff *skb)
{
	__u32 cpu = bpf_get_smp_processor_id();
	struct sample *s = bpf_ringbuf_reserve(&samples, sizeof(*s), 0);

	if (!s) // note "condition false: `!s`"
		return 0;

	if (cpu & 3) // note "condition true: `cpu & 3`"
		return 0; // want resource-lifetime/unreleased-reference "`s`, reserved by bpf_ringbuf_reserve() at line 19, is still owned" never "condition true: `!s`" never "is NULL"
	s->cpu = cpu;
	bpf_ringbuf_submit(s, 0);
	return 0;
}

SEC("tc")
int limit_leaks(struct __sk_buff *skb)
{
	__u32 len = skb->len;
	struct sample *s = bpf_ringbuf_reserve(&samples, sizeof(*s), 0);

	if (!s)
		return 0;

	if (len > 1500) // note "condition true: `len > 1500`"
		return 0; // want resource-lifetime/unreleased-reference "`s`" never "condition true: `!s`"
	s->mark = len;
	bpf_ringbuf_submit(s, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
