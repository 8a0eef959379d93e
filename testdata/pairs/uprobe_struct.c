// SPDX-License-Identifier: GPL-2.0-only
// Follows a pointer of the traced process.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

struct request {
	__u32 length, method;
};

__u64 posts;

SEC("uprobe")
int BPF_KPROBE(bad, struct request *r)
{
	if (r->method == 2) // rejected register-type/scalar-dereference; change
		posts++;
	return 0;
}

SEC("uprobe")
int BPF_KPROBE(fixed, struct request *r)
{
	__u32 method = 0;

	bpf_probe_read_user(&method, sizeof(method), &r->method);
	if (method == 2)
		posts++;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
