// SPDX-License-Identifier: GPL-2.0-only
// Variables in registers, in parts, in the stack frame and in inlined calls.
// "holds" names variables that a register has at an instruction of the line,
// "lies" what is in the stack frame, "through" the inlined calls.
#include "record.h"

struct pair {
	__u64 a, b;
};

struct key {
	__u16 port;
	struct {
		__u32 from[2], to;
	} addr;
};

static __noinline int add(struct __sk_buff *skb, int n)
{
	return bpf_get_prandom_u32() + n; // holds n
}

SEC("tp/syscalls/sys_enter_openat")
int inlined(void *ctx)
{
	struct record *r = new_record();

	if (!r) // holds r
		return 0;
	if (complete(r)) { // holds r
		bpf_ringbuf_discard(r, 0); // holds r
		return 1;
	}
	bpf_ringbuf_submit(r, 0); // holds r
	return 0;
}

SEC("tc")
int crowded(struct __sk_buff *skb)
{
	struct bpf_dynptr ptr;
	__u64 v[5];
	__u64 a = bpf_ktime_get_ns(), b = bpf_ktime_get_ns(), c = bpf_ktime_get_ns();
	__u64 d = bpf_ktime_get_ns(), e = bpf_ktime_get_ns(), f = bpf_ktime_get_ns();
	struct pair p = { a + b, c };
	int r;

	if (bpf_ringbuf_reserve_dynptr(&records, 8, 0, &ptr)) // holds a b c p.b // lies ptr d e f v v[2]
		return 0;
	r = add(skb, a);
	r += add(skb, b);
	r += add(skb, c); // holds c // lies d e f
	r += add(skb, d);
	r += add(skb, e);
	r += add(skb, f);
	p.b += r;
	bpf_probe_read_kernel(v, sizeof(v), (void *)p.a); // holds p.a // lies v v[1] v[4]
	return r + a + b + c + d + e + f + v[1] + p.a + p.b;
}

SEC("socket")
int nested(struct __sk_buff *skb)
{
	struct key key = {};

	key.port = skb->remote_port; // lies key key.addr.from[1]
	for (int i = 0; i < 3; i++) {
		__u64 seen = bpf_get_prandom_u32();

		key.addr.to ^= seen;
		bpf_probe_read_kernel(&key.addr.from, 4, (void *)seen); // holds seen // lies key.addr.from[0] key.addr.to
	}
	return bpf_skb_load_bytes(skb, key.addr.to, &key, sizeof(key)); // holds skb // lies key.port
}

char LICENSE[] SEC("license") = "GPL";
