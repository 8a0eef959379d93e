// SPDX-License-Identifier: GPL-2.0-only
// Splits finding a buffer from using it. The buffer of the inner function is gone
// when the outer one gets to use it.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct view {
	__u8 *data;
	__u32 size;
};

static __noinline int open_own(struct __sk_buff *skb, struct view *v)
{
	__u8 buf[16] = {};

	bpf_skb_load_bytes(skb, 0, buf, sizeof(buf));
	v->data = buf; // want memory/caller-stack-spill "cannot spill pointers to stack into stack frame of the caller"
	v->size = sizeof(buf);
	return 0;
}

static __noinline int open_given(struct __sk_buff *skb, struct view *v)
{
	return bpf_skb_load_bytes(skb, 0, v->data, v->size);
}

SEC("tc")
int bad(struct __sk_buff *skb)
{
	struct view v = {};

	open_own(skb, &v);
	return v.data ? v.data[0] : 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u8 buf[16] = {};
	struct view v = { buf, sizeof(buf) };

	open_given(skb, &v);
	return buf[0];
}

char LICENSE[] SEC("license") = "GPL";
