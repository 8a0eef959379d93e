// SPDX-License-Identifier: GPL-2.0-only
// Helpers with rules of their own.
#include "walk.h"

ASM("tp_btf/task_rename", function_of_tracepoint, "call 173; r0 = 0; exit")
ASM("kprobe/nanosleep", function_of_kprobe, "call 173; r0 = 0; exit")
ASM("socket", function_of_socket, "call 173; r0 = 0; exit")

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_RDONLY_PROG);
	__type(key, __u32);
	__type(value, char[8]);
} table SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__uint(map_flags, BPF_F_RDONLY_PROG);
	__type(key, __u32);
	__type(value, char[8]);
} rows SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, char[8]);
} writable SEC(".maps");

const char text[] = "%d";
const char unended[8] = "12345678";
char changeable[] = "%d";

SEC("tc") int format(struct __sk_buff *skb)
{
	char out[8];
	__u64 data[1] = { skb->len };

	bpf_snprintf(out, sizeof(out), text, data, sizeof(data));
	return 0;
}

SEC("tc") int format_sized(struct __sk_buff *skb)
{
	char out[8];
	__u64 data[1] = { skb->len };

	bpf_snprintf(out, sizeof(out), text, data, 4);
	return 0;
}

SEC("tc") int format_on_stack(struct __sk_buff *skb)
{
	char out[8], f[4] = "%d";
	__u64 data[1] = { skb->len };

	bpf_snprintf(out, sizeof(out), f, data, sizeof(data));
	return 0;
}

SEC("tc") int format_unended(struct __sk_buff *skb)
{
	char out[8];
	__u64 data[1] = { skb->len };

	bpf_snprintf(out, sizeof(out), unended, data, sizeof(data));
	return 0;
}

SEC("tc") int format_changeable(struct __sk_buff *skb)
{
	char out[8];
	__u64 data[1] = { skb->len };

	bpf_snprintf(out, sizeof(out), changeable, data, sizeof(data));
	return 0;
}

SEC("tc") int format_variable(struct __sk_buff *skb)
{
	char out[8];
	__u64 data[1] = { skb->len };

	bpf_snprintf(out, sizeof(out), text + (skb->len & 1), data, sizeof(data));
	return 0;
}

SEC("tc") int format_beyond(struct __sk_buff *skb)
{
	char out[8];
	__u64 data[1] = { skb->len };
	const char *f = text;

	asm volatile("%0 += 4096" : "+r"(f));
	bpf_snprintf(out, sizeof(out), f, data, sizeof(data));
	return 0;
}

#define LOOKED_UP(name, map)                                    \
	SEC("tc") int name(struct __sk_buff *skb)               \
	{                                                       \
		char out[8], *f;                                \
		__u64 data[1] = { skb->len };                   \
		__u32 key = 0;                                  \
		f = bpf_map_lookup_elem(&map, &key);            \
		if (f)                                          \
			bpf_snprintf(out, 8, f, data, 8);       \
		return 0;                                       \
	}
LOOKED_UP(format_in_table, table)
LOOKED_UP(format_in_rows, rows)
LOOKED_UP(format_in_writable, writable)

static int twice(__u32 i, void *ctx)
{
	return 0;
}

SEC("tc") int loops(struct __sk_buff *skb)
{
	bpf_loop(3, twice, 0, 0);
	return 0;
}

SEC("tc") int loops_unbounded(struct __sk_buff *skb)
{
	bpf_loop(skb->len, twice, 0, 0);
	return 0;
}

SEC("cgroup/setsockopt") int retval(struct bpf_sockopt *ctx)
{
	bpf_set_retval(-1);
	return 1;
}
