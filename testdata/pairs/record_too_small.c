// SPDX-License-Identifier: GPL-2.0-only
// Copies more into a record than it has.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

struct opened {
	__u64 fd;
	char path[120];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 65536);
} opens SEC(".maps");

SEC("kprobe/do_sys_openat2")
int BPF_KPROBE(bad, int dfd, const char *name)
{
	struct opened *o = bpf_ringbuf_reserve(&opens, sizeof(o), 0); // change

	if (!o)
		return 0;
	o->fd = dfd;
	bpf_probe_read_user_str(o->path, sizeof(o->path), name); // rejected call-type/memory-length-range
	bpf_ringbuf_submit(o, 0);
	return 0;
}

SEC("kprobe/do_sys_openat2")
int BPF_KPROBE(fixed, int dfd, const char *name)
{
	struct opened *o = bpf_ringbuf_reserve(&opens, sizeof(*o), 0);

	if (!o)
		return 0;
	o->fd = dfd;
	bpf_probe_read_user_str(o->path, sizeof(o->path), name);
	bpf_ringbuf_submit(o, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
