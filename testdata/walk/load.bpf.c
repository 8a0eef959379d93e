// SPDX-License-Identifier: GPL-2.0-only
// One instruction that accesses different memory by different paths.
#include "walk.h"

extern void *bpf_rdonly_cast(const void *p, __u32 id) __ksym;

#define LEAVE "9: r0 = 0; exit"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64[8]);
} rows SEC(".maps");

#define ROW "r6 = r1; r1 = 0; *(u32 *)(r10 - 4) = r1; r2 = r10; r2 += -4; r1 = rows ll; call 1; if r0 == 0 goto 9f; r7 = r0;"
ASM("tc", stack_or_row, ROW "r1 = 0; *(u64 *)(r10 - 16) = r1; r2 = *(u32 *)(r6 + 0); if r2 == 0 goto 1f; r7 = r10; r7 += -16; 1: r0 = *(u64 *)(r7 + 0);" LEAVE)
ASM("tc", context_or_row, ROW "r2 = *(u32 *)(r6 + 0); if r2 == 0 goto 1f; r7 = r6; 1: r0 = *(u32 *)(r7 + 0);" LEAVE)
ASM("tc", row_or_context, ROW "r2 = *(u32 *)(r6 + 0); if r2 != 0 goto 1f; r7 = r6; 1: r0 = *(u32 *)(r7 + 0);" LEAVE)
ASM("tc", socket_or_row, ROW "r2 = *(u64 *)(r6 + 168); if r2 == 0 goto 1f; r7 = r2; 1: r0 = *(u32 *)(r7 + 4);" LEAVE)
ASM("tc", row_written_or_stack, ROW "r2 = *(u32 *)(r6 + 0); if r2 == 0 goto 1f; r7 = r10; r7 += -16; 1: r0 = 0; *(u64 *)(r7 + 0) = r0;" LEAVE)
ASM("tc", context_written_or_row, ROW "r2 = *(u32 *)(r6 + 0); if r2 == 0 goto 1f; r7 = r6; 1: r0 = 0; *(u32 *)(r7 + 8) = r0;" LEAVE)
ASM("tp_btf/task_rename", task_or_stack, "r6 = *(u64 *)(r1 + 0); r2 = *(u32 *)(r6 + 16); r1 = 0; *(u64 *)(r10 - 16) = r1; if r2 == 0 goto 1f; r6 = r10; r6 += -16; 1: r0 = *(u64 *)(r6 + 0);" LEAVE)

SEC("tp_btf/task_rename") int trusted_or_probed(__u64 *ctx)
{
	void *p = (void *)ctx[0];
	__u64 n = ctx[1];

	if (n & 1)
		p = bpf_rdonly_cast((void *)n, 0);
	return *(volatile __u32 *)(p + 16) & 1;
}

SEC("tc") int probed(struct __sk_buff *skb)
{
	char *p = bpf_rdonly_cast((void *)(long)skb->len, 0);

	p += skb->mark;
	return *(volatile char *)p & 1;
}

SEC("tc") int probed_written(struct __sk_buff *skb)
{
	char *p = bpf_rdonly_cast((void *)(long)skb->len, 0);

	*(volatile char *)p = 1;
	return 0;
}

/* ACQUIRE loads from what P points to. */
#define ACQUIRE(p) asm volatile("r1 = %0;" RAW(0xc3, 0, 1, 16, 0x100)::"r"(p) : "r0", "r1")
SEC("tp_btf/task_rename") int trusted_or_probed_acquired(__u64 *ctx)
{
	void *p = (void *)ctx[0];
	__u64 n = ctx[1];

	if (n & 1)
		p = bpf_rdonly_cast((void *)n, 0);
	ACQUIRE(p);
	return 0;
}
ASM("tp_btf/task_rename", stack_or_task, "r7 = *(u64 *)(r1 + 0); r2 = *(u32 *)(r7 + 16); r1 = 0; *(u64 *)(r10 - 16) = r1; r6 = r10; r6 += -16; if r2 == 0 goto 1f; r6 = r7; 1: r0 = *(u64 *)(r6 + 0);" LEAVE)
