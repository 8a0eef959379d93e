// SPDX-License-Identifier: GPL-2.0-only
// Dynptrs.
#include "walk.h"

extern int bpf_probe_read_kernel_dynptr(struct bpf_dynptr *to, __u32 off, __u32 len, const void *from) __ksym;
extern int bpf_dynptr_clone(const struct bpf_dynptr *p, struct bpf_dynptr *clone) __ksym;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, char[64]);
} rows SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_USER_RINGBUF);
	__uint(max_entries, 4096);
} samples SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} ring SEC(".maps");

#define ROW                                                 \
	__u32 key = 0;                                      \
	char *row = bpf_map_lookup_elem(&rows, &key);       \
	if (!row)                                           \
		return 0

static long fills_sample(struct bpf_dynptr *sample, void *ctx)
{
	bpf_probe_read_kernel_dynptr(sample, 0, 4, 0);
	return 0;
}

static long reads_sample(struct bpf_dynptr *sample, void *ctx)
{
	char b[4];

	bpf_dynptr_read(b, 4, sample, 0, 0);
	return 0;
}

static long makes_sample(struct bpf_dynptr *sample, void *ctx)
{
	ROW;
	bpf_dynptr_from_mem(row, 64, 0, sample);
	return 0;
}

static long clones_sample(struct bpf_dynptr *sample, void *ctx)
{
	struct bpf_dynptr clone;

	bpf_dynptr_clone(sample, &clone);
	return 0;
}

SEC("raw_tp") int sample_filled(void *ctx) { return bpf_user_ringbuf_drain(&samples, fills_sample, 0, 0); }
SEC("raw_tp") int sample_read(void *ctx) { return bpf_user_ringbuf_drain(&samples, reads_sample, 0, 0); }
SEC("raw_tp") int sample_made(void *ctx) { return bpf_user_ringbuf_drain(&samples, makes_sample, 0, 0); }
SEC("raw_tp") int sample_cloned(void *ctx) { return bpf_user_ringbuf_drain(&samples, clones_sample, 0, 0); }

SEC("raw_tp") int filled(void *ctx)
{
	struct bpf_dynptr p;
	ROW;

	bpf_dynptr_from_mem(row, 64, 0, &p);
	bpf_probe_read_kernel_dynptr(&p, 0, 4, 0);
	return 0;
}

#define ROW_ASM "r1 = 0; *(u32 *)(r10 - 4) = r1; r2 = r10; r2 += -4; r1 = rows ll; call 1; if r0 == 0 goto 9f; r1 = r0; r2 = 64; r3 = 0;"
#define LEAVE "9: r0 = 0; exit"
ASM("raw_tp", below_stack, ROW_ASM "r4 = r10; r4 += -520; call 197;" LEAVE)
ASM("raw_tp", above_frame, ROW_ASM "r4 = r10; call 197;" LEAVE)
ASM("raw_tp", misaligned, ROW_ASM "r4 = r10; r4 += -20; call 197;" LEAVE)
ASM("raw_tp", one_slot, ROW_ASM "r4 = r10; r4 += -8; call 197;" LEAVE)
ASM("raw_tp", in_row, ROW_ASM "r4 = r0; call 197;" LEAVE)
ASM("raw_tp", over_another, ROW_ASM "r4 = r10; r4 += -24; r6 = r0; call 197; r1 = r6; r2 = 64; r3 = 0; r4 = r10; r4 += -24; call 197;" LEAVE)
ASM("raw_tp", over_half, ROW_ASM "r4 = r10; r4 += -24; r6 = r0; call 197; r1 = r6; r2 = 64; r3 = 0; r4 = r10; r4 += -32; call 197;" LEAVE)
ASM("raw_tp", read_half, ROW_ASM "r4 = r10; r4 += -24; call 197; r1 = r10; r1 += -40; r2 = 4; r3 = r10; r3 += -16; r4 = 0; r5 = 0; call 201;" LEAVE)
ASM("raw_tp", read_unset, "r1 = r10; r1 += -40; r2 = 4; r3 = r10; r3 += -24; r4 = 0; r5 = 0; call 201; r0 = 0; exit")
ASM("raw_tp", read_number, "r1 = r10; r1 += -40; r2 = 4; r3 = 1; r4 = 0; r5 = 0; call 201; r0 = 0; exit")
ASM("raw_tp", reserved_lost, "r1 = ring ll; r2 = 8; r3 = 0; r4 = r10; r4 += -16; call 198; r0 = 0; exit")
ASM("raw_tp", reserved_over, "r1 = ring ll; r2 = 8; r3 = 0; r4 = r10; r4 += -16; call 198; r1 = 0; *(u64 *)(r10 - 16) = r1; r0 = 0; exit")
ASM("raw_tp", reserved_given, "r1 = ring ll; r2 = 8; r3 = 0; r4 = r10; r4 += -16; call 198; r1 = r10; r1 += -16; r2 = 0; call 200; r0 = 0; exit")
ASM("raw_tp", mem_given, ROW_ASM "r4 = r10; r4 += -24; call 197; r1 = r10; r1 += -24; r2 = 0; call 199;" LEAVE)
