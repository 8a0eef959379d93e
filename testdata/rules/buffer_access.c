// SPDX-License-Identifier: GPL-2.0-only
// Looks at a request of a network block device. What a writable tracepoint passes
// is a buffer whose size only counts when the program is attached, so offsets into
// it must be constant.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct nbd_request {
	__u32 magic;
	__u32 type;
};

__u32 column;

SEC("raw_tracepoint.w/nbd_send_request")
int bad(struct bpf_raw_tracepoint_args *ctx)
{
	__u32 *words = (void *)ctx->args[0];

	return words[column & 1]; // want memory/buffer-access "invalid variable buffer offset: off=0, var_off=(0x0; 0x4)"
}

SEC("raw_tracepoint.w/nbd_send_request")
int fixed(struct bpf_raw_tracepoint_args *ctx)
{
	struct nbd_request *request = (void *)ctx->args[0];

	return request->type;
}

char LICENSE[] SEC("license") = "GPL";
