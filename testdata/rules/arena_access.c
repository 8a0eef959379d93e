// SPDX-License-Identifier: GPL-2.0-only
// Follows a pointer into an arena, in a program that has none: where an arena lies
// is known by the map that the program refers to.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define BPF_MAP_TYPE_ARENA 33 // for headers older than Linux 6.9
#define __arena __attribute__((address_space(1)))

struct {
	__uint(type, BPF_MAP_TYPE_ARENA);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
} memory SEC(".maps");

__u64 first;

SEC("syscall")
int bad(void *ctx)
{
	__u64 __arena *p = (__u64 __arena *)first;

	return *p; // want memory/arena-access "addr_space_cast insn can only be used in a program that has an associated arena"
}

SEC("syscall")
int fixed(void *ctx)
{
	__u64 __arena *p = (__u64 __arena *)first;
	void *arena = &memory;

	barrier_var(arena);
	return *p;
}

char LICENSE[] SEC("license") = "GPL";
