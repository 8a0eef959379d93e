// SPDX-License-Identifier: GPL-2.0-only
// What 64-bit immediates name, and which maps a program may use.
#include "walk.h"

#define LEAVE "r0 = 0; exit"
#define LIST SEC(".data.list") __attribute__((aligned(8)))

struct bpf_list_head {
	__u64 opaque[2];
} __attribute__((aligned(8)));
struct bpf_list_node {
	__u64 opaque[3];
} __attribute__((aligned(8)));
struct bpf_wq {
	__u64 opaque[2];
} __attribute__((aligned(8)));
struct item {
	struct bpf_list_node node;
};

struct bpf_spin_lock list_lock LIST;
struct bpf_list_head items LIST __attribute__((btf_decl_tag("contains:item:node")));

struct locked {
	struct bpf_spin_lock lock;
	__u32 n;
};
struct timed {
	struct bpf_timer timer;
};
struct worked {
	struct bpf_wq work;
};

#define ARRAY(name, n, type_)                       \
	struct {                                    \
		__uint(type, BPF_MAP_TYPE_ARRAY);   \
		__uint(max_entries, n);             \
		__type(key, __u32);                 \
		__type(value, type_);               \
	} name SEC(".maps")
ARRAY(rows, 1, __u64);
ARRAY(two_rows, 2, __u64);
ARRAY(locks, 1, struct locked);
ARRAY(timers, 1, struct timed);
ARRAY(works, 1, struct worked);

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} table SEC(".maps");

#define ARENA(name)                                 \
	struct {                                    \
		__uint(type, BPF_MAP_TYPE_ARENA);   \
		__uint(map_flags, BPF_F_MMAPABLE);  \
		__uint(max_entries, 1);             \
	} name SEC(".maps")
ARENA(arena);

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(key_size, 8);
	__uint(value_size, 8);
} trie SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(max_entries, 1);
	__uint(key_size, 4);
	__uint(value_size, 1016);
} stacks SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_CGROUP_STORAGE);
	__type(key, struct bpf_cgroup_storage_key);
	__type(value, __u64);
} storage SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_CGROUP_STORAGE);
	__type(key, struct bpf_cgroup_storage_key);
	__type(value, __u64);
} other_storage SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE);
	__type(key, struct bpf_cgroup_storage_key);
	__type(value, __u64);
} cpu_storage SEC(".maps");

ASM("socket", second_slot_missing, LEAVE ";" RAW(0x18, 0, 0, 0, 0))
ASM("socket", second_slot_opcode, RAW(0x18, 0, 0, 0, 0) LEAVE)
ASM("socket", second_slot_register, RAW(0x18, 0, 0, 0, 0) RAW(0, 1, 0, 0, 0) "exit")
ASM("socket", second_slot_off, RAW(0x18, 0, 0, 0, 0) RAW(0, 0, 0, 1, 0) "exit")
ASM("socket", kind, RAW(0x18, 1, 7, 0, 0) RAW(0, 0, 0, 0, 0) LEAVE)
ASM("socket", map_by_number, RAW(0x18, 1, 1, 0, 999) RAW(0, 0, 0, 0, 0) LEAVE)
ASM("socket", map_by_long_number, RAW(0x18, 1, 1, 0, 999) RAW(0, 0, 0, 0, 1) LEAVE)
ASM("socket", value_by_number, RAW(0x18, 1, 2, 0, 999) RAW(0, 0, 0, 0, 0) LEAVE)
ASM("socket", value, "r1 = rows ll; r0 = 0; exit")
ASM("socket", kernel_type, RAW(0x18, 1, 3, 0, 1) RAW(0, 0, 0, 0, 0) LEAVE)
ASM("socket", kernel_type_unknown, RAW(0x18, 1, 3, 0, 99999999) RAW(0, 0, 0, 0, 0) LEAVE)
ASM("socket", opcode, RAW(0xff, 0, 0, 0, 0) LEAVE)

ASM("kprobe", list_in_tracing, "r1 = items ll;" LEAVE)
ASM("tc", list, "r1 = items ll;" LEAVE)
ASM("socket", lock_in_filter, "r1 = locks ll;" LEAVE)
ASM("kprobe", lock_in_tracing, "r1 = locks ll;" LEAVE)
ASM("kprobe", timer_in_tracing, "r1 = timers ll;" LEAVE)
ASM("kprobe", work_in_tracing, "r1 = works ll;" LEAVE)
ASM("tc", timer, "r1 = timers ll; r1 = works ll; r1 = locks ll;" LEAVE)
ASM("syscall", arena_used, "r1 = arena ll;" LEAVE)
ASM("syscall", arena_twice, "r1 = arena ll; r2 = arena ll;" LEAVE)
ASM("syscall", trie_sleepable, "r1 = trie ll;" LEAVE)
ASM("syscall", stacks_sleepable, "r1 = stacks ll;" LEAVE)
ASM("kprobe", stacks_used, "r1 = stacks ll;" LEAVE)
ASM("cgroup_skb/egress", storages, "r1 = storage ll; r2 = cpu_storage ll; r0 = 1; exit")
ASM("cgroup_skb/egress", storages_alike, "r1 = storage ll; r2 = other_storage ll; r0 = 1; exit")
ASM("socket", storage_elsewhere, "r1 = storage ll;" LEAVE)
