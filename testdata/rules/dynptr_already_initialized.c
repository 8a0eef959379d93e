// SPDX-License-Identifier: GPL-2.0-only
// The dynptr that a callback gets cannot be used for another one.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_USER_RINGBUF);
	__uint(max_entries, 4096);
} requests SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} answers SEC(".maps");

static long answer_over(struct bpf_dynptr *request, void *ctx)
{
	bpf_ringbuf_reserve_dynptr(&answers, 8, 0, request); // want resource-lifetime/dynptr-already-initialized "Dynptr has to be an uninitialized dynptr"
	bpf_ringbuf_submit_dynptr(request, 0);
	return 0;
}

static long answer(struct bpf_dynptr *request, void *ctx)
{
	struct bpf_dynptr record;

	bpf_ringbuf_reserve_dynptr(&answers, 8, 0, &record);
	bpf_ringbuf_submit_dynptr(&record, 0);
	return 0;
}

SEC("tp/syscalls/sys_enter_getpid")
int bad(void *ctx)
{
	bpf_user_ringbuf_drain(&requests, answer_over, NULL, 0);
	return 0;
}

SEC("tp/syscalls/sys_enter_getpid")
int fixed(void *ctx)
{
	bpf_user_ringbuf_drain(&requests, answer, NULL, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
