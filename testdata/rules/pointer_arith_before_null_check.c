// SPDX-License-Identifier: GPL-2.0-only
// Keeps the first bytes of packets. The address of a member is made by adding to
// the pointer, which may be NULL before the check.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct sample {
	__u64 time;
	__u8 head[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, struct sample);
} samples SEC(".maps");

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u32 mark = skb->mark;
	struct sample *s = bpf_map_lookup_elem(&samples, &mark);

	bpf_skb_load_bytes(skb, 0, s->head, sizeof(s->head)); // want register-type/pointer-arith-before-null-check "pointer arithmetic on map_value_or_null prohibited, null-check it first"
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u32 mark = skb->mark;
	struct sample *s = bpf_map_lookup_elem(&samples, &mark);

	if (s)
		bpf_skb_load_bytes(skb, 0, s->head, sizeof(s->head));
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
