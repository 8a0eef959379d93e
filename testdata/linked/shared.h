/* SPDX-License-Identifier: GPL-2.0-only */
struct entry {
	__u64 count;
	struct entry_tail *tail;
};

extern int limit;
extern int add(int a, int b);
int choose(int n);

#ifdef DEFINES
#define SHARED
#else
#define SHARED extern
#endif

SHARED struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, struct entry);
} entries SEC(".maps");
