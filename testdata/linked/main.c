// SPDX-License-Identifier: GPL-2.0-only
// The first of two files that a build links to one object: main.o other.o.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "shared.h"

// Both files have a static function and variable of these names.
static int seen;

static __noinline int twice(int n)
{
	return 2 * n;
}

// Gives way to that of the other file.
__weak int choose(int n)
{
	return n;
}

SEC("tc")
int first(struct __sk_buff *skb)
{
	__u32 key = 0;
	struct entry *e = bpf_map_lookup_elem(&entries, &key);

	seen++;
	if (!e)
		return 0;
	e->count += add(twice(seen), limit);
	return choose(e->count);
}

char LICENSE[] SEC("license") = "GPL";
