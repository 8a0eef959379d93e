// SPDX-License-Identifier: GPL-2.0-only
// Arenas: memory that a program shares with user space, and the functions that
// give pages of it out and take them back.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define BPF_MAP_TYPE_ARENA 33 // for headers older than Linux 6.9
#define __arena __attribute__((address_space(1)))

struct {
	__uint(type, BPF_MAP_TYPE_ARENA);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 100);
	enum { MEMORY_ADDRESS = 1ull << 44 } map_extra; // __ulong() of newer headers
} memory SEC(".maps");

struct item {
	struct item __arena *below;
	__u64 number;
};

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct bpf_map {
	__u32 max_entries;
	struct bpf_map *inner_map_meta;
};

struct seq_file {
	__u64 index;
};

struct bpf_iter_meta {
	struct seq_file *seq;
};

struct bpf_iter__bpf_map {
	struct bpf_iter_meta *meta;
	struct bpf_map *map;
};

#pragma clang attribute pop

extern void __arena *bpf_arena_alloc_pages(void *map, void __arena *at, __u32 pages, int node, __u64 flags) __ksym;
extern void bpf_arena_free_pages(void *map, void __arena *at, __u32 pages) __ksym;

struct item __arena *top;
__u64 __arena pushed;
__u64 sum;

SEC("syscall")
int push(__u64 *number)
{
	struct item __arena *item = bpf_arena_alloc_pages(&memory, 0, 1, -1, 0);

	if (!item)
		return 1;
	item->number = *number;
	item->below = top;
	top = item;
	pushed++;
	return 0;
}

SEC("syscall")
int pop(void *ctx)
{
	for (int i = 0; i < 4; i++) {
		struct item __arena *item = top;

		if (!item)
			break;
		sum += item->number;
		top = item->below;
		bpf_arena_free_pages(&memory, item, 1);
	}
	return 0;
}

// The kernel's own map object serves as well; whether it is an arena is seen
// when the program runs.
SEC("iter.s/bpf_map")
int from_iterated_map(struct bpf_iter__bpf_map *ctx)
{
	struct bpf_map *map = ctx->map;

	if (map)
		bpf_arena_alloc_pages(map, 0, map->max_entries, 0, 0);
	return 0;
}

SEC("iter.s/bpf_map")
int from_inner_map(struct bpf_iter__bpf_map *ctx)
{
	struct bpf_map *map = ctx->map;

	if (map)
		bpf_arena_alloc_pages(map->inner_map_meta, 0, 1, 0, 0);
	return 0;
}

SEC("iter.s/bpf_map")
int from_other_object(struct bpf_iter__bpf_map *ctx)
{
	bpf_arena_alloc_pages(ctx->meta->seq, 0, 1, 0, 0);
	return 0;
}

SEC("syscall")
int from_number(void *ctx)
{
	bpf_arena_alloc_pages((void *)8, 0, 1, 0, 0);
	return 0;
}

SEC("syscall")
int from_stack(void *ctx)
{
	__u64 local = 0;

	bpf_arena_alloc_pages(&local, 0, 1, 0, 0);
	return local;
}

SEC("syscall")
int from_value(void *ctx)
{
	bpf_arena_alloc_pages(&sum, 0, 1, 0, 0);
	return 0;
}

// Arithmetic leaves arena pointers arena pointers, whatever is added.
SEC("syscall")
int anywhere(__u64 *off)
{
	char __arena *p = (char __arena *)top;
	void *map = &memory;

	barrier_var(map);
	return p[*off] + p[-1] + *(p - *off);
}

char LICENSE[] SEC("license") = "GPL";
