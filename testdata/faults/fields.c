// SPDX-License-Identifier: GPL-2.0-only
// Special fields of maps that the kernel does not take.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define __kptr __attribute__((btf_type_tag("kptr")))
#define __kptr_ref __attribute__((btf_type_tag("kptr_ref")))

struct node {
	int number;
};

struct locked {
	__u64 count;
#ifndef FIXED
	struct bpf_spin_lock lock; // want loader/special-field "`lock` cannot be in the values of a `BPF_MAP_TYPE_PERCPU_ARRAY`"
#endif
};

struct timed {
	struct bpf_timer first;
#ifndef FIXED
	struct bpf_timer second; // want loader/special-field "`second` is one `bpf_timer` too many"
#endif
};

struct timers {
#ifdef FIXED
	struct bpf_timer timer;
#else
	struct bpf_timer timer[2]; // want loader/special-field "`timer` is in an array, where `bpf_timer` cannot be"
#endif
};

struct owner {
#ifdef FIXED
	struct node *node;
#else
	struct node __kptr_ref *node; // want loader/special-field "has the tag `kptr_ref`, which the kernel does not know there"
#endif
};

struct number {
#ifdef FIXED
	int *number;
#else
	int __kptr *number; // want loader/special-field "`number` must point to a struct"
#endif
};

#define MAP(name, kind, val)                                                   \
	struct {                                                               \
		__uint(type, kind);                                            \
		__type(key, __u32);                                            \
		__type(value, val);                                            \
		__uint(max_entries, 1);                                        \
	} name SEC(".maps")

MAP(locks, BPF_MAP_TYPE_PERCPU_ARRAY, struct locked);
MAP(two_timers, BPF_MAP_TYPE_ARRAY, struct timed);
MAP(many_timers, BPF_MAP_TYPE_ARRAY, struct timers);
MAP(owners, BPF_MAP_TYPE_ARRAY, struct owner);
MAP(numbers, BPF_MAP_TYPE_ARRAY, struct number);

SEC("tc")
int counts(struct __sk_buff *skb)
{
	__u32 key = 0;
	struct locked *value = bpf_map_lookup_elem(&locks, &key);

	if (value)
		value->count++;
	return 0;
}

SEC("tc")
int starts(struct __sk_buff *skb)
{
	__u32 key = 0;
	struct timed *value = bpf_map_lookup_elem(&two_timers, &key);

	if (!value)
		return 0;
#ifdef FIXED
	return bpf_timer_init(&value->first, &two_timers, 1);
#else
	return bpf_timer_init(&value->first, &two_timers, 1); // want call-type/special-field-argument "map 'two_timers' has no valid bpf_timer"
#endif
}

char LICENSE[] SEC("license") = "GPL";
