// SPDX-License-Identifier: GPL-2.0-only
// A helper is called between lock and unlock.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct sample {
	struct bpf_spin_lock lock;
	__u32 size;
	__u64 time;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct sample);
} samples SEC(".maps");

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u32 key = 0;
	struct sample *s = bpf_map_lookup_elem(&samples, &key);

	if (!s)
		return 0;
	bpf_spin_lock(&s->lock); // note "`s->lock` is locked here"
	s->time = bpf_ktime_get_ns(); // want execution-context/call-under-lock "function calls are not allowed while holding a lock"
	s->size = skb->len;
	bpf_spin_unlock(&s->lock);
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u32 key = 0;
	struct sample *s = bpf_map_lookup_elem(&samples, &key);
	__u64 now = bpf_ktime_get_ns();

	if (!s)
		return 0;
	bpf_spin_lock(&s->lock);
	s->time = now;
	s->size = skb->len;
	bpf_spin_unlock(&s->lock);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
