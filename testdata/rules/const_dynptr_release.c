// SPDX-License-Identifier: GPL-2.0-only
// A callback submits the message that it was lent.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_USER_RINGBUF);
	__uint(max_entries, 4096);
} requests SEC(".maps");

__u64 seen;

static long submit(struct bpf_dynptr *request, void *ctx)
{
	seen++;
	bpf_ringbuf_submit_dynptr(request, 0); // want resource-lifetime/const-dynptr-release "cannot"
	return 0;
}

static long leave(struct bpf_dynptr *request, void *ctx)
{
	seen++;
	return 0; // the kernel takes it back
}

SEC("tp/syscalls/sys_enter_getpid")
int bad(void *ctx)
{
	bpf_user_ringbuf_drain(&requests, submit, NULL, 0);
	return 0;
}

SEC("tp/syscalls/sys_enter_getpid")
int fixed(void *ctx)
{
	bpf_user_ringbuf_drain(&requests, leave, NULL, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
