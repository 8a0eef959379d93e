// SPDX-License-Identifier: GPL-2.0-only
// Notes what this CPU has counted. The pointer in the map stands for one counter per
// CPU, and is the address of none.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define __percpu_kptr __attribute__((btf_type_tag("percpu_kptr")))

struct packets {
	__u64 count;
};

struct slot {
	struct packets __percpu_kptr *counter;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct slot);
} slots SEC(".maps");

struct packets last;

SEC("tc")
int bad(struct __sk_buff *skb)
{
	__u32 zero = 0;
	struct slot *slot = bpf_map_lookup_elem(&slots, &zero);
	struct packets *c = slot ? slot->counter : NULL;

	if (c)
		last.count = c->count; // want memory/percpu-pointer "is ptr_packets access percpu memory: off=0"
	return 0;
}

SEC("tc")
int fixed(struct __sk_buff *skb)
{
	__u32 zero = 0;
	struct slot *slot = bpf_map_lookup_elem(&slots, &zero);
	struct packets *c = slot ? slot->counter : NULL;

	if (c) {
		c = bpf_this_cpu_ptr(c);
		last.count = c->count;
	}
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
