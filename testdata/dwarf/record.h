/* SPDX-License-Identifier: GPL-2.0-only */
/* Functions that are inlined into the programs beside this file. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct record {
	__u32 pid;
	char comm[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024);
} records SEC(".maps");

static __always_inline struct record *new_record(void)
{
	return bpf_ringbuf_reserve(&records, sizeof(struct record), 0);
}

static __always_inline int fill(struct record *rec, __u32 limit)
{
	__u32 pid = bpf_get_current_pid_tgid() >> 32;

	rec->pid = pid; // holds rec
	if (pid > limit)
		return -1;
	return bpf_get_current_comm(rec->comm, sizeof(rec->comm)); // holds rec
}

static __always_inline int complete(struct record *whole)
{
	return fill(whole, 1000) + 1;
}
