// SPDX-License-Identifier: GPL-2.0-only
// The second of two files that a build links to one object.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#define DEFINES
#include "shared.h"

struct entry_tail {
	int rest[3];
};

struct entry_tail last;
int limit = 8;
static int seen = 3;
const volatile int step = 2;

static __noinline int twice(int n)
{
	return n + n + seen;
}

int add(int a, int b)
{
	return a + b + step;
}

int choose(int n)
{
	return n > limit;
}

SEC("tc")
int second(struct __sk_buff *skb)
{
	__u32 key = 1;
	struct entry *e = bpf_map_lookup_elem(&entries, &key);

	if (!e)
		return 0;
#ifdef FAULT
	return twice(seen++) + ((struct entry_tail *)e)->rest[16]; // want here
#else
	return twice(seen++) + e->count;
#endif
}

char LICENSE[] SEC("license") = "GPL";
