// SPDX-License-Identifier: GPL-2.0-only
// CO-RE relocations against the kernel of shapes_kernel.c, whose types differ
// from those here in every way that matters.
#include "shapes.h"

volatile __u64 out[32];

struct widths {
	__u64 narrower;
	__u32 wider;
	void *pointer;
	int is_signed;
	__u32 list[8];
	struct { int deep; } nested[2];
	__u32 flexible[];
} __core;

SEC("raw_tp") int wide_loads(struct widths *w)
{
	w->narrower = 1;
	w->list[3] = w->wider;
	return w->pointer == 0;
}

SEC("raw_tp") int arrays(struct widths *w)
{
	out[0] = offset_of(w->list[7]);
	out[1] = size_of(w->list[7]);
	out[2] = offset_of(w->nested[1].deep);
	out[3] = exists(w->list[3]);
	out[4] = exists(w->list[7]);
	out[5] = exists(w->flexible[9]);
	out[6] = offset_of(w->flexible[5]);
	out[7] = offset_of(w[2].wider);
	return 0;
}

SEC("raw_tp") int signed_load(struct widths *w)
{
	return w->is_signed;
}

struct bits {
	__u32 first : 3;
	__u32 second : 7;
	int third : 5;
	__u64 across : 20;
} __core;

SEC("raw_tp") int bit_fields(struct bits *b)
{
	out[0] = offset_of(b->second);
	out[1] = size_of(b->second);
	out[2] = left_of(b->second);
	out[3] = right_of(b->second);
	out[4] = signed_of(b->third);
	out[5] = left_of(b->third);
	out[6] = right_of(b->third);
	out[7] = offset_of(b->across);
	out[8] = size_of(b->across);
	out[9] = left_of(b->across);
	return 0;
}

struct hidden {
	int a;
	int b;
	enum tone { LOW = 1, HIGH = 2 } tone;
	union { float f; int i; } both;
	struct missing *gone;
	void (*func)(int);
} __core;

SEC("raw_tp") int members(struct hidden *h)
{
	out[0] = offset_of(h->a);
	out[1] = offset_of(h->b);
	out[2] = offset_of(h->both.i);
	out[3] = exists(h->tone);
	out[4] = exists(h->gone);
	out[5] = offset_of(h->func);
	out[6] = signed_of(h->tone);
	return 0;
}

enum level { LEVEL_A = 1, LEVEL_B___new = 2, LEVEL_C = 3 };
enum wide_level { WIDE_A = 0x1000000000ULL };

SEC("raw_tp") int enumerators(void *ctx)
{
	out[0] = enum_value(enum level, LEVEL_A);
	out[1] = enum_value(enum level, LEVEL_B___new);
	out[2] = enum_exists(enum level, LEVEL_C);
	out[3] = enum_value(enum wide_level, WIDE_A);
	return 0;
}

SEC("raw_tp") int enumerator_missing(void *ctx)
{
	return enum_value(enum level, LEVEL_C);
}

enum equal { EQUAL = 1 };
struct later;
struct matching {
	int a;
	const char *text;
	struct later *later;
	enum equal level;
	int grid[2][3];
	int (*func)(struct matching *, enum equal);
};
struct matching_more { int a; int not_there; };
struct matching_type { __u64 a; };
struct matching_length { int grid[3]; };
union matching_union { int a; __u64 b; };
struct matching_kind { int a; };
typedef int (*matching_proto)(int, void *);
typedef int (*other_proto)(int);
typedef struct { int a; } matching_typedef;
typedef __u32 matching_int;
struct matching_behind { struct matching_more *more; union matching_union *part; enum equal *level; };

SEC("raw_tp") int matches(void *ctx)
{
	out[0] = type_matches(struct matching);
	out[1] = type_matches(struct matching_more);
	out[2] = type_matches(struct matching_type);
	out[3] = type_matches(struct matching_length);
	out[4] = type_matches(union matching_union);
	out[5] = type_matches(matching_proto);
	out[6] = type_matches(other_proto);
	out[7] = type_matches(matching_typedef);
	out[8] = type_matches(matching_int);
	out[9] = type_matches(struct matching_behind);
	out[10] = type_matches(enum level);
	out[11] = type_exists(struct matching_kind);
	out[12] = type_exists(matching_proto);
	out[13] = type_exists(other_proto);
	out[14] = type_exists(matching_int);
	out[15] = type_size(union matching_union);
	return 0;
}

struct twice { int field; } __core;

SEC("raw_tp") int ambiguous(struct twice *t)
{
	return t->field;
}

struct same { int field; } __core;

SEC("raw_tp") int agreed(struct same *s)
{
	return s->field;
}

struct distant { int field; } __core;

SEC("raw_tp") int too_far(struct distant *d)
{
	return d->field;
}

char _license[] SEC("license") = "GPL";
