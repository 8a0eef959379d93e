// SPDX-License-Identifier: GPL-2.0-only
// Signed numbers with an upper limit alone, which may as well be unsigned.
// clang: -mcpu=v3
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct request {
	__u64 unused;
	long number;
	long fd;
	const void *text;
};

struct table {
	__u32 used[48];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct table);
} tables SEC(".maps");

__u64 calls[64];

SEC("tracepoint/syscalls/sys_enter_close")
int of_32_bits(struct request *r)
{
	int fd = r->fd;

	if (fd > 63)
		return 0;
	calls[fd]++; // fix limit, or as `__u32`
	return 0;
}

SEC("tracepoint/syscalls/sys_enter_close")
int of_64_bits(struct request *r)
{
	long fd = r->fd;

	if (fd >= 64)
		return 0;
	calls[fd]++; // fix limit, or as `__u64`
	return 0;
}

SEC("tracepoint/syscalls/sys_enter_close")
int in_a_map(struct request *r)
{
	struct table *t;
	__u32 zero = 0;
	__s64 fd = r->fd;

	t = bpf_map_lookup_elem(&tables, &zero);
	if (t && fd < 48)
		t->used[fd] = 1; // fix limit, or as `__u64`
	return 0;
}

SEC("tc")
int on_the_stack(struct __sk_buff *skb)
{
	__u8 bytes[32] = {};
	__s32 at = skb->mark;

	if (bpf_skb_load_bytes(skb, 0, bytes, sizeof(bytes)) || at > 31)
		return 0;
	return bytes[at]; // fix limit, or as `__u32`
}

SEC("tracepoint/syscalls/sys_enter_write")
int as_a_length(struct request *r)
{
	char text[64];
	long len = r->fd;

	if (len > 64)
		return 0;
	if (bpf_probe_read_user(text, len, r->text)) // fix limit, or as `__u64`
		return 0;
	return text[0] == '/';
}

char LICENSE[] SEC("license") = "GPL";
