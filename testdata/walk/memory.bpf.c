// SPDX-License-Identifier: GPL-2.0-only
// Reads and writes by kind of memory.
#include "walk.h"

#define LEAVE "9: r0 = 0; exit"
#define BPF_MAP_TYPE(name, type_, flags, key_, value_) \
	struct {                                       \
		__uint(type, type_);                   \
		__uint(max_entries, 4);                \
		__uint(map_flags, flags);              \
		__uint(key_size, key_);                \
		__uint(value_size, value_);            \
	} name SEC(".maps")
BPF_MAP_TYPE(rows, BPF_MAP_TYPE_ARRAY, 0, 4, 64);
BPF_MAP_TYPE(table, BPF_MAP_TYPE_HASH, 0, 8, 64);
BPF_MAP_TYPE(read_only, BPF_MAP_TYPE_ARRAY, BPF_F_RDONLY_PROG, 4, 64);
BPF_MAP_TYPE(write_only, BPF_MAP_TYPE_ARRAY, BPF_F_WRONLY_PROG, 4, 64);
BPF_MAP_TYPE(stacks, BPF_MAP_TYPE_STACK_TRACE, 0, 4, 1016);

/* PACKET leaves in R2 what 16 bytes are proven of, and its end in R3. */
#define PACKET "r6 = r1; r2 = *(u32 *)(r1 + 0); r3 = *(u32 *)(r1 + 4); r4 = r2; r4 += 16; if r4 > r3 goto 9f;"
ASM("xdp", packet, PACKET "r0 = *(u64 *)(r2 + 8);" LEAVE)
ASM("xdp", packet_behind, PACKET "r0 = *(u64 *)(r2 + 9);" LEAVE)
ASM("xdp", packet_before, PACKET "r0 = *(u8 *)(r2 - 1);" LEAVE)
ASM("xdp", packet_negative, PACKET "r4 = *(u32 *)(r6 + 12); r4 &= 7; r4 -= 3; r2 += r4; r0 = *(u8 *)(r2 + 0);" LEAVE)
ASM("xdp", packet_variable, PACKET "r4 = *(u32 *)(r6 + 12); r4 &= 7; r2 += r4; r0 = *(u8 *)(r2 + 0);" LEAVE)
ASM("xdp", packet_beyond_end, PACKET "r4 = r3; r4 += 1; r0 = *(u8 *)(r4 + 0);" LEAVE)
ASM("xdp", packet_end, PACKET "r0 = *(u8 *)(r3 + 0);" LEAVE)
ASM("xdp", packet_reversed, "r2 = *(u32 *)(r1 + 0); r3 = *(u32 *)(r1 + 4); r4 = r2; r4 += 16; if r3 < r4 goto 9f; r0 = *(u64 *)(r2 + 8);" LEAVE)
ASM("xdp", packet_strictly, "r2 = *(u32 *)(r1 + 0); r3 = *(u32 *)(r1 + 4); r4 = r2; r4 += 16; if r4 >= r3 goto 9f; r0 = *(u64 *)(r2 + 9);" LEAVE)
ASM("xdp", packet_past_end, "r2 = *(u32 *)(r1 + 0); r3 = *(u32 *)(r1 + 4); if r2 > r3 goto 9f; if r2 == r3 goto +0; r0 = *(u8 *)(r2 + 0);" LEAVE)
ASM("xdp", packet_at_end, "r2 = *(u32 *)(r1 + 0); r3 = *(u32 *)(r1 + 4); r4 = r2; r4 += 4; if r4 > r3 goto 1f; goto 9f; 1: r0 = *(u8 *)(r2 + 0);" LEAVE)
ASM("xdp", packet_far, "r2 = *(u32 *)(r1 + 0); r3 = *(u32 *)(r1 + 4); r4 = r2; r4 += 70000; if r4 > r3 goto 9f; r0 = *(u8 *)(r2 + 0);" LEAVE)
ASM("xdp", packet_written, PACKET "r0 = 1; *(u8 *)(r2 + 0) = r0;" LEAVE)
ASM("xdp", packet_pointer_kept, PACKET "*(u64 *)(r2 + 0) = r6;" LEAVE)
ASM("cgroup_skb/egress", packet_not_written, "r2 = *(u32 *)(r1 + 76); r3 = *(u32 *)(r1 + 80); r4 = r2; r4 += 16; if r4 > r3 goto 9f; r0 = 1; *(u8 *)(r2 + 0) = r0;" LEAVE)
ASM("socket", packet_no_access, "r2 = *(u32 *)(r1 + 76);" LEAVE)

#define KEY "r6 = r1; r1 = 0; *(u64 *)(r10 - 8) = r1; r2 = r10; r2 += -8;"
#define ROW(map) KEY "r1 = " #map " ll; call 1; if r0 == 0 goto 9f;"
ASM("socket", row, ROW(rows) "r1 = *(u64 *)(r0 + 56);" LEAVE)
ASM("socket", row_behind, ROW(rows) "r1 = *(u64 *)(r0 + 57);" LEAVE)
ASM("socket", row_before, ROW(rows) "r1 = *(u64 *)(r0 - 8);" LEAVE)
ASM("socket", row_variable, ROW(rows) "r1 = *(u32 *)(r6 + 0); r1 &= 63; r0 += r1; r1 = *(u8 *)(r0 + 0);" LEAVE)
ASM("socket", row_variable_behind, ROW(rows) "r1 = *(u32 *)(r6 + 0); r1 &= 63; r0 += r1; r1 = *(u8 *)(r0 + 1);" LEAVE)
ASM("socket", row_variable_before, ROW(rows) "r1 = *(u32 *)(r6 + 0); r1 &= 63; r1 -= 1; r0 += r1; r1 = *(u8 *)(r0 + 0);" LEAVE)
ASM("socket", row_unbounded, ROW(rows) "r1 = *(u32 *)(r6 + 0); r1 <<= 20; r0 += r1; r1 = *(u8 *)(r0 + 0);" LEAVE)
ASM("socket", row_read_only, ROW(read_only) "r1 = *(u64 *)(r0 + 0);" LEAVE)
ASM("socket", row_read_only_written, ROW(read_only) "r1 = 0; *(u64 *)(r0 + 0) = r1;" LEAVE)
ASM("socket", row_write_only, ROW(write_only) "r1 = 0; *(u64 *)(r0 + 0) = r1;" LEAVE)
ASM("socket", row_write_only_read, ROW(write_only) "r1 = *(u64 *)(r0 + 0);" LEAVE)
ASM("tc", row_read_only_filled, ROW(read_only) "r1 = r6; r2 = 0; r3 = r0; r4 = 8; call 26;" LEAVE)
ASM("tc", row_write_only_filled, ROW(write_only) "r1 = r6; r2 = 0; r3 = r0; r4 = 8; call 26;" LEAVE)
ASM("tc", row_write_only_passed, ROW(write_only) "r1 = r6; r2 = 0; r3 = r0; r4 = 8; r5 = 0; call 9;" LEAVE)
ASM("tc", row_filled_beyond, ROW(rows) "r1 = r6; r2 = 0; r3 = r0; r4 = 65; call 26;" LEAVE)
ASM("tc", row_filled_unbounded, ROW(rows) "r4 = *(u32 *)(r6 + 0); r1 = r6; r2 = 0; r3 = r0; call 26;" LEAVE)
ASM("tc", row_filled_negative, ROW(rows) "r4 = -1; r1 = r6; r2 = 0; r3 = r0; call 26;" LEAVE)
ASM("tc", row_filled_none, ROW(rows) "r4 = 0; r1 = r6; r2 = 0; r3 = r0; call 26;" LEAVE)
ASM("tc", row_filled, ROW(rows) "r4 = *(u32 *)(r6 + 0); r4 &= 63; r4 += 1; r1 = r6; r2 = 0; r3 = r0; call 26;" LEAVE)

ASM("socket", map_read, "r1 = rows ll; r0 = *(u32 *)(r1 + 24);" LEAVE)
ASM("socket", map_read_narrow, "r1 = rows ll; r0 = *(u8 *)(r1 + 25);" LEAVE)
ASM("socket", map_read_before, "r1 = rows ll; r0 = *(u32 *)(r1 - 4);" LEAVE)
ASM("socket", map_read_behind, "r1 = rows ll; r0 = *(u32 *)(r1 + 9000);" LEAVE)
ASM("socket", map_written, "r1 = rows ll; r0 = 0; *(u32 *)(r1 + 24) = r0;" LEAVE)
ASM("kprobe", map_without_struct, "r1 = stacks ll; r0 = *(u32 *)(r1 + 24);" LEAVE)

ASM("tc", stack_filled, "r6 = r1; r2 = 0; r3 = r10; r3 += -8; r4 = 8; call 26;" LEAVE)
ASM("tc", stack_filled_beyond, "r2 = 0; r3 = r10; r3 += -8; r4 = 9; call 26;" LEAVE)
ASM("tc", stack_filled_below, "r2 = 0; r3 = r10; r3 += -520; r4 = 8; call 26;" LEAVE)
ASM("tc", stack_passed_unwritten, "r2 = 0; r3 = r10; r3 += -8; r4 = 8; r5 = 0; call 9;" LEAVE)
ASM("tc", stack_passed_half, "r2 = 0; *(u32 *)(r10 - 8) = r2; r3 = r10; r3 += -8; r4 = 8; r5 = 0; call 9;" LEAVE)
ASM("tc", stack_passed_variable, "r2 = 0; *(u32 *)(r10 - 16) = r2; *(u32 *)(r10 - 12) = r2; *(u32 *)(r10 - 8) = r2; r4 = *(u32 *)(r1 + 0); r4 &= 8; r3 = r10; r3 += -16; r3 += r4; r4 = 8; r5 = 0; call 9;" LEAVE)
ASM("tc", stack_passed_pointer, "*(u64 *)(r10 - 8) = r1; r2 = 0; r3 = r10; r3 += -8; r4 = 8; r5 = 0; call 9;" LEAVE)
ASM("tc", stack_read_variable, "r2 = 0; *(u64 *)(r10 - 16) = r2; *(u64 *)(r10 - 8) = r2; r4 = *(u32 *)(r1 + 0); r4 &= 8; r3 = r10; r3 += -16; r3 += r4; r0 = *(u64 *)(r3 + 0);" LEAVE)
ASM("tc", stack_read_variable_unwritten, "r2 = 0; *(u64 *)(r10 - 16) = r2; r4 = *(u32 *)(r1 + 0); r4 &= 8; r3 = r10; r3 += -16; r3 += r4; r0 = *(u64 *)(r3 + 0);" LEAVE)
ASM("tc", stack_written_variable, "r4 = *(u32 *)(r1 + 0); r4 &= 8; r3 = r10; r3 += -16; r3 += r4; r0 = 0; *(u64 *)(r3 + 0) = r0; r0 = *(u64 *)(r10 - 8);" LEAVE)
ASM("tc", stack_written_beyond, "r4 = *(u32 *)(r1 + 0); r4 &= 16; r3 = r10; r3 += -16; r3 += r4; r0 = 0; *(u64 *)(r3 + 0) = r0;" LEAVE)
ASM("tc", stack_written_unbounded, "r4 = *(u32 *)(r1 + 0); r4 <<= 33; r3 = r10; r3 += r4; r0 = 0; *(u64 *)(r3 + 0) = r0;" LEAVE)
ASM("tc", spill_read_half, "*(u64 *)(r10 - 8) = r1; r0 = *(u32 *)(r10 - 8);" LEAVE)
ASM("tc", spill_read_across, "*(u64 *)(r10 - 8) = r1; *(u64 *)(r10 - 16) = r1; r0 = *(u64 *)(r10 - 12);" LEAVE)
ASM("tc", spill_half_pointer, "*(u32 *)(r10 - 8) = r1;" LEAVE)
ASM("tc", spill_overwritten, "*(u64 *)(r10 - 8) = r1; r0 = 0; *(u8 *)(r10 - 8) = r0; r0 = *(u64 *)(r10 - 8);" LEAVE)

#define SOCKET "r6 = *(u64 *)(r1 + 168); if r6 == 0 goto 9f;"
ASM("tc", socket_read, SOCKET "r0 = *(u32 *)(r6 + 4);" LEAVE)
ASM("tc", socket_unchecked, "r6 = *(u64 *)(r1 + 168); r0 = *(u32 *)(r6 + 4);" LEAVE)
ASM("tc", socket_written, SOCKET "r0 = 0; *(u32 *)(r6 + 4) = r0;" LEAVE)
ASM("tc", socket_before, SOCKET "r0 = *(u32 *)(r6 - 4);" LEAVE)
ASM("tc", socket_behind, SOCKET "r0 = *(u32 *)(r6 + 1000);" LEAVE)
ASM("tc", socket_misaligned, SOCKET "r0 = *(u32 *)(r6 + 6);" LEAVE)
ASM("tc", socket_moved, SOCKET "r6 += 4;" LEAVE)

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} ring SEC(".maps");
#define RECORD "r6 = r1; r1 = ring ll; r2 = 16; r3 = 0; call 131; if r0 == 0 goto 9f; r7 = r0;"
#define GIVE "r1 = r7; r2 = 0; call 132;"
ASM("tc", record_written, RECORD "r1 = 0; *(u64 *)(r7 + 8) = r1;" GIVE LEAVE)
ASM("tc", record_behind, RECORD "r1 = 0; *(u64 *)(r7 + 9) = r1;" GIVE LEAVE)
ASM("tc", record_before, RECORD "r1 = 0; *(u64 *)(r7 - 8) = r1;" GIVE LEAVE)
ASM("tc", record_pointer, RECORD "*(u64 *)(r7 + 0) = r6;" GIVE LEAVE)
ASM("tc", record_variable, RECORD "r1 = *(u32 *)(r6 + 0); r1 &= 15; r2 = r7; r2 += r1; r1 = 0; *(u8 *)(r2 + 0) = r1;" GIVE LEAVE)
ASM("tc", record_variable_behind, RECORD "r1 = *(u32 *)(r6 + 0); r1 &= 31; r2 = r7; r2 += r1; r1 = 0; *(u8 *)(r2 + 0) = r1;" GIVE LEAVE)

static long each(void *map, void *key, void *value, void *ctx)
{
	*(volatile __u64 *)value = *(volatile __u64 *)key;
	return 0;
}
static long each_key_written(void *map, void *key, void *value, void *ctx)
{
	*(volatile __u64 *)key = 0;
	return 0;
}
static long each_key_behind(void *map, void *key, void *value, void *ctx)
{
	return *(volatile __u64 *)(key + 4) & 1;
}
static long each_value_behind(void *map, void *key, void *value, void *ctx)
{
	return *(volatile __u64 *)(value + 60) & 1;
}
static long each_key_deleted(void *map, void *key, void *value, void *ctx)
{
	bpf_map_delete_elem(&table, key);
	return 0;
}
SEC("tc") int iterated(struct __sk_buff *skb) { return bpf_for_each_map_elem(&table, each, 0, 0); }
SEC("tc") int iterated_key_written(struct __sk_buff *skb) { return bpf_for_each_map_elem(&table, each_key_written, 0, 0); }
SEC("tc") int iterated_key_behind(struct __sk_buff *skb) { return bpf_for_each_map_elem(&table, each_key_behind, 0, 0); }
SEC("tc") int iterated_value_behind(struct __sk_buff *skb) { return bpf_for_each_map_elem(&table, each_value_behind, 0, 0); }
SEC("tc") int iterated_key_deleted(struct __sk_buff *skb) { return bpf_for_each_map_elem(&table, each_key_deleted, 0, 0); }

#define TASK "r6 = *(u64 *)(r1 + 0);"
ASM("tp_btf/task_rename", object, TASK "r0 = *(u64 *)(r6 + 0);" LEAVE)
ASM("tp_btf/task_rename", object_written, TASK "r0 = 0; *(u64 *)(r6 + 0) = r0;" LEAVE)
ASM("tp_btf/task_rename", object_before, TASK "r0 = *(u64 *)(r6 - 8);" LEAVE)
ASM("tp_btf/task_rename", object_behind, TASK "r0 = *(u64 *)(r6 + 32000);" LEAVE)
ASM("tp_btf/task_rename", object_variable, TASK "r2 = *(u64 *)(r1 + 8); r2 &= 7; r6 += r2; r0 = *(u64 *)(r6 + 0);" LEAVE)
ASM("tp_btf/task_rename", object_atomic, TASK "r0 = 1;" RAW(0xdb, 6, 0, 0, 0) LEAVE)

ASM("raw_tp.w/task_rename", buffer_read, "r2 = *(u64 *)(r1 + 0); r0 = *(u64 *)(r2 + 0);" LEAVE)
ASM("raw_tp.w/task_rename", buffer_before, "r2 = *(u64 *)(r1 + 0); r0 = *(u64 *)(r2 - 8);" LEAVE)
ASM("raw_tp.w/task_rename", buffer_variable, "r2 = *(u64 *)(r1 + 0); r3 = *(u64 *)(r1 + 8); r3 &= 7; r2 += r3; r0 = *(u8 *)(r2 + 0);" LEAVE)
ASM("iter/bpf_map_elem", key_buffer_before, "r2 = *(u64 *)(r1 + 16); if r2 == 0 goto 9f; r3 = *(u32 *)(r2 - 4);" LEAVE)
ASM("iter/bpf_map_elem", key_buffer_variable, "r2 = *(u64 *)(r1 + 16); if r2 == 0 goto 9f; r3 = *(u32 *)(r2 + 0); r3 &= 7; r2 += r3; r3 = *(u8 *)(r2 + 0);" LEAVE)
ASM("iter/bpf_map_elem", key_buffer_filled, "r6 = *(u64 *)(r1 + 16); if r6 == 0 goto 9f; r1 = r6; r2 = 4; r3 = 0; call 113;" LEAVE)
ASM("iter/bpf_map_elem", value_buffer_filled, "r6 = *(u64 *)(r1 + 24); if r6 == 0 goto 9f; r1 = r6; r2 = 4; r3 = 0; call 113;" LEAVE)

#define FLOW "r6 = *(u64 *)(r1 + 144);"
ASM("flow_dissector", flow, FLOW "r0 = *(u16 *)(r6 + 0);" LEAVE)
ASM("flow_dissector", flow_before, FLOW "r0 = *(u16 *)(r6 - 2);" LEAVE)
ASM("flow_dissector", flow_behind, FLOW "r0 = *(u16 *)(r6 + 200);" LEAVE)
ASM("flow_dissector", flow_written, FLOW "r0 = 0; *(u16 *)(r6 + 0) = r0;" LEAVE)
ASM("flow_dissector", flow_moved, FLOW "r6 += 8; r0 = *(u16 *)(r6 + 0);" LEAVE)
ASM("flow_dissector", flow_variable, FLOW "r2 = *(u16 *)(r6 + 0); r2 &= 7; r6 += r2;" LEAVE)
