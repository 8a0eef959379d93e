// SPDX-License-Identifier: GPL-2.0-only
// The kernel that shapes.c is relocated against.
#include "loader.h"

struct widths {
	int before;
	__u32 narrower;
	__u64 wider;
	struct widths *pointer;
	long is_signed;
	__u8 list[5];
	struct { char gap; int deep; } nested[4];
	int flexible[];
};

struct bits {
	__u64 gap : 30;
	__u64 second : 5;
	__u8 third : 2;
	__u32 : 0;
	__u64 pad : 33;
	__u64 across : 31;
};

struct hidden {
	struct {
		struct { long b; };
		union { int x; struct { int y; const volatile int a; }; };
	};
	enum tone___other { LOWEST = -1 } tone;
	union { long l; int i; } both;
	long gone;
	int (*func)(void);
};

enum level { LEVEL_B = 20, LEVEL_A = 10 };
enum wide_level { WIDE_A = 0x2000000000LL, WIDE_NEGATIVE = -1 };

enum equal { MORE = 2, EQUAL = 3 };
struct later { int whole; };
struct matching {
	const char *text;
	int (*func)(struct matching *, enum equal);
	int more;
	volatile int a;
	struct later *later;
	enum equal level;
	int grid[2][3];
};
struct matching_more { int a; };
struct matching_type { long long a; };
struct matching_length { int grid[4]; };
union matching_union { __u64 b; int a; char c; char large[20]; };
union matching_kind { int a; };
typedef int (*matching_proto)(int, void *);
typedef int (*other_proto)(int, int);
typedef struct { int a; int b; } matching_typedef;
typedef __u32 matching_int;
struct matching_behind { union matching_union *part; struct matching_more *more; enum equal *level; };

struct twice___a { int field; };
struct twice___b { int gap; int field; };
struct same___a { int gap; int field; };
struct same___b { int gap; int field; int end; };
struct distant { char gap[40000]; int field; };

// Variables, so that the types are in BTF.
struct widths v0;
struct bits v1;
struct hidden v2;
enum wide_level v3;
struct matching v4;
struct matching_more v5;
struct matching_type v6;
struct matching_length v7;
union matching_union v8;
union matching_kind v9;
matching_proto v10;
other_proto v11;
matching_typedef v12;
matching_int v13;
struct matching_behind v14;
struct twice___a v15;
struct twice___b v16;
struct same___a v17;
struct same___b v18;
struct distant v19;
enum level v20;
